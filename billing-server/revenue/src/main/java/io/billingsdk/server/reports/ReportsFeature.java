package io.billingsdk.server.reports;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** What a customer used in a month, and what that costs. It stores nothing. */
public final class ReportsFeature implements Feature {
  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("reports.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return ReportRoutes.routes();
  }
}
