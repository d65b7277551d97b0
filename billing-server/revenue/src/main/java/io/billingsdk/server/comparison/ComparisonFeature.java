package io.billingsdk.server.comparison;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** The invoices of another system beside ours. It stores nothing. */
public final class ComparisonFeature implements Feature {
  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("comparison.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return ComparisonRoutes.routes();
  }
}
