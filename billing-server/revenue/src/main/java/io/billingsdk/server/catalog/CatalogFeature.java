package io.billingsdk.server.catalog;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Meters and plans. */
public final class CatalogFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("meter"),
          Table.of("plan"),
          Table.of("plan_draft"),
          Table.appendOnly("plan_version"),
          Table.appendOnly("plan_version_meter"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/catalog/db";

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("catalog.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.concat(MeterRoutes.routes().stream(), PlanRoutes.routes().stream()).toList();
  }
}
