package io.billingsdk.server.payments;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What customers owe and pay, statements of banks, and reminders. */
public final class PaymentsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("receivable"),
          Table.appendOnly("payment"),
          Table.appendOnly("provider_booking"),
          Table.appendOnly("posting"),
          Table.appendOnly("posting_entry"),
          Table.appendOnly("bank_account"),
          Table.appendOnly("bank_statement"),
          Table.of("bank_line"),
          Table.appendOnly("payment_reminder"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/payments/db";

  private final Database database;
  private final DunningJob dunning;

  /**
   * In a database.
   *
   * @param database for jobs and subscribers; requests bring their own
   */
  public PaymentsFeature(Database database) {
    this.database = database;
    this.dunning = new DunningJob(database, InstantSource.system());
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
    return Optional.ofNullable(getClass().getResource("payments.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.concat(PaymentRoutes.routes().stream(), StatementRoutes.routes().stream())
        .toList();
  }

  @Override
  public List<Job> jobs() {
    return List.of(dunning, new StatementJob(database));
  }

  @Override
  public List<OutboxSubscriber> subscribers() {
    return List.of(new Receivables(database), dunning);
  }
}
