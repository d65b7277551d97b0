package io.billingsdk.server.anomalies;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.InstantSource;

/** Judges the buckets that have closed since the last run, and the open ones. */
final class AnomalyJob implements Job {
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final Database database;
  private final InstantSource clock;

  AnomalyJob(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "anomalies";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    new WatchRun(database, clock.instant()).run();
  }
}
