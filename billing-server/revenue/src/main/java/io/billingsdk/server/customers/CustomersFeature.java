package io.billingsdk.server.customers;

import io.billingsdk.server.feature.Feature;
import java.util.List;
import java.util.Optional;

/** Sellers and customers with their apps and clocks. */
public final class CustomersFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("seller"),
          Table.of("customer"),
          Table.appendOnly("customer_app"),
          Table.of("customer_clock"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/customers/db";

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }
}
