package io.billingsdk.server.performance;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;

/** Makes the sums again after an upgrade that has given them another form: once. */
final class SumsAgain implements Job {
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final Database database;

  SumsAgain(Database database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "analytics-sums-again";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    database.useTransaction(
        handle -> {
          if (AnalyticsState.REBUILD.at(handle).isPresent()) {
            SumRebuild.run(handle);
            AnalyticsState.REBUILD.end(handle);
          }
        });
  }
}
