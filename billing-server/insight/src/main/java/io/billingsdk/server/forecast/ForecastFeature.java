package io.billingsdk.server.forecast;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Forecasts of usage and money. It stores nothing. */
public final class ForecastFeature implements Feature {
  private final InstantSource clock;

  /** With the time of the system. */
  public ForecastFeature() {
    this(InstantSource.system());
  }

  /** With another time. */
  ForecastFeature(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("forecast.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new ForecastRoutes(clock).routes();
  }
}
