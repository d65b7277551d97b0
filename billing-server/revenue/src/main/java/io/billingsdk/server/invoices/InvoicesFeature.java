package io.billingsdk.server.invoices;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.net.URL;
import java.util.List;
import java.util.Optional;

/** Invoices and credit notes, and the run that issues them. */
public final class InvoicesFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("invoice_span"),
          Table.appendOnly("invoice_start"),
          Table.of("invoice_series"),
          Table.of("invoice_run"),
          Table.appendOnly("invoice_pin"),
          Table.appendOnly("invoice"),
          Table.appendOnly("invoice_line"),
          Table.of("invoice_numbering"),
          Table.appendOnly("invoice_skipped"),
          Table.appendOnly("invoice_tax"),
          Table.appendOnly("invoice_correction"),
          Table.of("invoice_state"),
          Table.of("invoice_progress_failure"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/invoices/db";

  private final Database database;
  private final TaxCalculator taxes;
  private final InvoiceMeters meters;

  /**
   * In a database.
   *
   * @param database for jobs; requests bring their own
   * @param taxes decides the tax of each line
   */
  public InvoicesFeature(Database database, TaxCalculator taxes) {
    this.database = database;
    this.taxes = taxes;
    this.meters = new InvoiceMeters(database);
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
    return Optional.ofNullable(getClass().getResource("invoices.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new InvoiceRoutes(taxes).routes();
  }

  @Override
  public List<Meters> metrics() {
    return List.of(meters);
  }

  @Override
  public void close() {
    meters.close();
  }

  @Override
  public List<Job> jobs() {
    return List.of(new InvoiceJob(database, taxes), new SpanSweep(new Spans(database)));
  }

  @Override
  public List<OutboxSubscriber> subscribers() {
    return List.of(new SpanNoter(new Spans(database)));
  }
}
