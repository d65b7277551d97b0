package io.billingsdk.server.whatif;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** Another price list over real usage. It stores nothing. */
public final class WhatIfFeature implements Feature {
  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("whatif.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return WhatIfRoutes.routes();
  }
}
