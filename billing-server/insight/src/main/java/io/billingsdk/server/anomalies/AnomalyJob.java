package io.billingsdk.server.anomalies;

import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.InstantSource;

/** Judges the buckets that have closed since the last run, and the open ones. */
final class AnomalyJob implements Job {
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final Watch watch;
  private final InstantSource clock;

  AnomalyJob(Watch watch, InstantSource clock) {
    this.watch = watch;
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
    watch.run(clock.instant());
  }
}
