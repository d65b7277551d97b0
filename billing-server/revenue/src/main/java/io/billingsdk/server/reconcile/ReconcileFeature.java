package io.billingsdk.server.reconcile;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** Whether all usage is where it belongs. It stores nothing. */
public final class ReconcileFeature implements Feature {
  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("reconcile.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return ReconcileRoutes.routes();
  }
}
