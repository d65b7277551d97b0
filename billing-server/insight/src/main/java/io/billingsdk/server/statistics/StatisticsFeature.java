package io.billingsdk.server.statistics;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.ledger.LedgerHooks;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Statistics of sessions, users and guests: tokens, counters, limits and figures. */
public final class StatisticsFeature implements LedgerHooks {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.appendOnly("statistics_profile"),
          Table.of("statistics_key"),
          Table.of("statistics_person"),
          Table.of("statistics_link"),
          Table.appendOnly("statistics_event"),
          Table.of("statistics_total"),
          Table.of("statistics_quarter"),
          Table.of("statistics_reservation"),
          Table.of("statistics_notice"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/statistics/db";

  private final Database database;
  private final InstantSource clock;
  private final Holders holders;
  private final ProfileStore profiles = new ProfileStore();

  /** With the time of the system. */
  public StatisticsFeature(Platform platform) {
    this(platform, InstantSource.system());
  }

  /** With another time. */
  StatisticsFeature(Platform platform, InstantSource clock) {
    this.database = platform.database();
    this.clock = clock;
    this.holders = new Holders(platform.secrets(), clock);
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
    return Optional.ofNullable(getClass().getResource("statistics.openapi.yaml"));
  }

  @Override
  public List<AppendHook> hooks() {
    return List.of(new FactHook(profiles));
  }

  @Override
  public List<Job> jobs() {
    return List.of(new StatisticsUpkeep(database, clock));
  }

  @Override
  public List<Route> routes() {
    return Stream.of(
            new SessionRoutes(holders, profiles, clock).routes(),
            new PersonRoutes(holders, profiles, clock).routes(),
            new StatisticsAdminRoutes(holders, profiles, clock).routes())
        .flatMap(List::stream)
        .toList();
  }
}
