package io.billingsdk.server.margin;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** Prices of invoices less costs of usage. It stores nothing. */
public final class MarginFeature implements Feature {
  private final CostSource.Factory costs;

  /**
   * With costs.
   *
   * @param costs for requests that bring none
   */
  public MarginFeature(CostSource.Factory costs) {
    this.costs = costs;
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("margin.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new MarginRoutes(costs).routes();
  }
}
