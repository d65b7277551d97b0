package io.billingsdk.server.tax;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.invoices.TaxCalculator;
import io.billingsdk.server.jobs.Job;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Taxes of invoices: rates, registrations, tax data of customers, and returns. */
public final class TaxFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.appendOnly("tax_table"),
          Table.of("seller_registration"),
          Table.appendOnly("customer_tax"),
          Table.of("tax_id_check"),
          Table.appendOnly("exchange_rate"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/tax/db";

  private final Database database;
  private final TaxHooks hooks;
  private final TaxTables tables = new TaxTables();

  /**
   * In a database.
   *
   * @param database for jobs and invoices; requests bring their own
   */
  public TaxFeature(Database database, TaxHooks hooks) {
    this.database = database;
    this.hooks = hooks;
  }

  /** Decides the taxes of invoices. */
  public TaxCalculator calculator() {
    return new TaxDesk(database, tables, hooks.provider());
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
    return Optional.ofNullable(getClass().getResource("tax.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.concat(
            new TaxRoutes(tables).routes().stream(),
            new TaxDataRoutes(calculator(), hooks.ids() != null).routes().stream())
        .toList();
  }

  @Override
  public List<Job> jobs() {
    TaxIdCheck ids = hooks.ids();
    return ids == null ? List.of() : List.of(new TaxIdCheckJob(database, ids));
  }
}
