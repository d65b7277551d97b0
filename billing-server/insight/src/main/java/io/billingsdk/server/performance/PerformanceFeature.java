package io.billingsdk.server.performance;

import io.billingsdk.server.costs.CostListener;
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

/** Executions, steps, and the analytics of time and cost. */
public final class PerformanceFeature implements LedgerHooks {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("performance_step"),
          Table.of("performance_sketch"),
          Table.of("performance_stale"),
          Table.of("analytics_series"),
          Table.of("analytics_sum"),
          Table.of("analytics_state"),
          Table.of("advice_dismissal"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/performance/db";

  private final Database database;
  private final InstantSource clock;

  /** With the time of the system. */
  public PerformanceFeature(Platform platform) {
    this(platform.database(), InstantSource.system());
  }

  private PerformanceFeature(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** With another time. */
  public static PerformanceFeature at(Platform platform, InstantSource clock) {
    return new PerformanceFeature(platform.database(), clock);
  }

  /** Keeps the sums of costs: the costs call it. */
  public static CostListener sums() {
    return new CostTotals();
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
    return Optional.ofNullable(getClass().getResource("performance.openapi.yaml"));
  }

  @Override
  public List<AppendHook> hooks() {
    return List.of(new StepHook());
  }

  @Override
  public List<Job> jobs() {
    return List.of(new Sketches(database), new SumsAgain(database));
  }

  @Override
  public List<Route> routes() {
    return Stream.of(
            new AnalyticsRoutes(clock).routes(),
            new AdviceRoutes(clock).routes(),
            ExecutionRoutes.routes())
        .flatMap(List::stream)
        .toList();
  }
}
