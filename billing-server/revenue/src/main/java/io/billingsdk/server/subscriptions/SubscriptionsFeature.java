package io.billingsdk.server.subscriptions;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which customer has which plan, from when on. */
public final class SubscriptionsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("subscription"),
          Table.of("subscription_segment"),
          Table.appendOnly("subscription_event"),
          Table.of("subscription_migration"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/subscriptions/db";

  private final Database database;
  private final Surroundings surroundings;
  private final ChangeNotices notices;

  /**
   * In a database.
   *
   * @param database for jobs; requests bring their own
   * @param listeners learn in its transaction of each change of what a customer may use
   */
  public SubscriptionsFeature(Database database, List<EntitlementsListener> listeners) {
    this(database, new CatalogSurroundings(), listeners);
  }

  SubscriptionsFeature(
      Database database, Surroundings surroundings, List<EntitlementsListener> listeners) {
    this.database = database;
    this.surroundings = surroundings;
    this.notices = new ChangeNotices(listeners);
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
    return Optional.ofNullable(getClass().getResource("subscriptions.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.concat(
            new SubscriptionRoutes(surroundings, notices).routes().stream(),
            new MigrationRoutes(surroundings, notices).routes().stream())
        .toList();
  }

  @Override
  public List<Job> jobs() {
    return List.of(
        new SubscriptionClock(database, ofTime()),
        new MigrationJob(new Migrations(database, time(), surroundings, notices)));
  }

  @Override
  public List<OutboxSubscriber> subscribers() {
    return List.of(new ClockMoves(ofTime()));
  }

  private Subscriptions ofTime() {
    return new Subscriptions(database, time(), surroundings, notices);
  }

  private static Actor time() {
    return new Actor(Subscriptions.TIME);
  }
}
