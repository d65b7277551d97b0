package io.billingsdk.server.entitlements;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.OutboxSubscriber;
import io.billingsdk.server.subscriptions.EntitlementsListener;
import java.util.List;
import java.util.Optional;

/** What plans let keys do. */
public final class EntitlementsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("entitlement_table"),
          Table.of("customer_block"),
          Table.of("entitlement_change"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/entitlements/db";

  private final Database database;
  private final PlanKeys keys;

  /**
   * In a database.
   *
   * @param database for jobs; changes bring their own
   */
  public EntitlementsFeature(Database database) {
    this.database = database;
    this.keys = new PlanKeys(database);
  }

  /** Gives each change of a subscription to the keys of its customer. */
  public EntitlementsListener listener() {
    return keys;
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
  public List<Job> jobs() {
    return List.of(new EntitlementClock(database, keys));
  }

  @Override
  public List<OutboxSubscriber> subscribers() {
    return List.of(new AppMoves(database, keys));
  }
}
