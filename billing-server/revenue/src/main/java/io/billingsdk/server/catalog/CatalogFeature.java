package io.billingsdk.server.catalog;

import io.billingsdk.server.feature.Feature;
import java.util.List;
import java.util.Optional;

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
}
