package io.billingsdk.server.customers;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Sellers and customers with their apps and clocks. */
public final class CustomersFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("seller"),
          Table.of("customer"),
          Table.appendOnly("customer_app"),
          Table.of("customer_clock"),
          Table.of("customer_zone"),
          Table.appendOnly("billing_settings"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/customers/db";

  private final TaxIdCheck taxIds;

  /** One that takes each tax id. */
  public CustomersFeature() {
    this(TaxIdCheck.NONE);
  }

  /**
   * With a check of tax ids.
   *
   * @param taxIds decides which may be stored
   */
  public CustomersFeature(TaxIdCheck taxIds) {
    this.taxIds = taxIds;
  }

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
    return Optional.ofNullable(getClass().getResource("customers.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.of(
            new SellerRoutes(taxIds).routes(),
            new CustomerRoutes(taxIds).routes(),
            SettingsRoutes.routes(taxIds))
        .flatMap(List::stream)
        .toList();
  }
}
