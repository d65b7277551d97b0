package io.billingsdk.server.alerts;

import io.billingsdk.server.costs.CostListener;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Alerts about costs, and budgets. */
public final class AlertsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("alert_rule"),
          Table.of("alert"),
          Table.of("alert_touched"),
          Table.of("advice_said"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/alerts/db";

  private final Database database;
  private final InstantSource clock;

  /** With the time of the system. */
  public AlertsFeature(Platform platform) {
    this(platform.database(), InstantSource.system());
  }

  /** With another time. */
  public AlertsFeature(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Notes which sums change: the costs call it, after those who keep the sums. */
  public static CostListener watch() {
    return new TouchedSums();
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
    return Optional.ofNullable(getClass().getResource("alerts.openapi.yaml"));
  }

  @Override
  public List<Job> jobs() {
    return List.of(new AlertJob(database, clock), new AdviceJob(database, clock));
  }

  @Override
  public List<Route> routes() {
    return new AlertRoutes(clock).routes();
  }
}
