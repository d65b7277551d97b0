package io.billingsdk.server.streams;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** Instances, their streams, and what is missing of them. */
public final class StreamsFeature implements Feature {
  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("streams.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return StreamRoutes.routes();
  }

  @Override
  public List<Meters> metrics() {
    return List.of(new StreamMeters());
  }
}
