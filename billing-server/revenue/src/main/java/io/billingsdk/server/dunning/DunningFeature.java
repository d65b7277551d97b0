package io.billingsdk.server.dunning;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** When declined charges are tried again. */
public final class DunningFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("dunning_rule"),
          Table.of("dunning_threshold"),
          Table.of("dunning_case"),
          Table.of("dunning_attempt"),
          Table.of("dunning_card"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/dunning/db";

  private final Database database;
  private final Retries retries;
  private final CardExpiry cards;

  /**
   * In a database.
   *
   * @param database for jobs and subscribers; requests bring their own
   * @param charges of the providers
   */
  public DunningFeature(Database database, ChargeAttempts charges) {
    this.database = database;
    this.retries = new Retries(database, InstantSource.system(), charges);
    this.cards = new CardExpiry(database, InstantSource.system());
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
    return Optional.ofNullable(getClass().getResource("dunning.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return DunningRoutes.routes();
  }

  @Override
  public List<Job> jobs() {
    return List.of(retries, cards);
  }

  @Override
  public List<OutboxSubscriber> subscribers() {
    return List.of(new DunningEvents(database, retries, cards));
  }
}
