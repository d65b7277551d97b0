package io.billingsdk.server.anomalies;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Anomalies of usage and cost, and the job that finds them. */
public final class AnomaliesFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(Table.of("anomaly_series"), Table.of("anomaly_incident"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/anomalies/db";

  private final Database database;
  private final InstantSource clock;

  /** With the time of the system. */
  public AnomaliesFeature(Database database) {
    this(database, InstantSource.system());
  }

  /** With another time. */
  AnomaliesFeature(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
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
    return Optional.ofNullable(getClass().getResource("anomalies.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new AnomalyRoutes(clock).routes();
  }

  @Override
  public List<Job> jobs() {
    return List.of(new AnomalyJob(database, clock));
  }
}
