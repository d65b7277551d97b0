package io.billingsdk.server.subscriptions;

import io.billingsdk.server.jobs.Job;
import java.time.Duration;

/** Carries out migrations, a part at a time. */
final class MigrationJob implements Job {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final int MOST = 10_000;

  private final Migrations migrations;

  MigrationJob(Migrations migrations) {
    this.migrations = migrations;
  }

  @Override
  public String name() {
    return "subscription-migrations";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    int unused = migrations.goOn(MOST);
  }
}
