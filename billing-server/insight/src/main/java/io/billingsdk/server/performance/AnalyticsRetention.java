package io.billingsdk.server.performance;

import io.billingsdk.server.costs.RemovedCosts;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;

/**
 * Removes costs and steps that are older than the policy says, and later their sums and sketches.
 * Each removal notes from when on there is something, so that no answer says 0 of what is gone. The
 * ledger is never touched.
 */
final class AnalyticsRetention implements Job {
  private static final Duration EVERY = Duration.ofHours(6);
  private static final long SECONDS_OF_DAY = 86_400;

  private static final String STEPS = "SELECT remove_steps(:before) AS removed";

  private static final String SUMS = "DELETE FROM analytics_sum WHERE block < :block";

  private static final String SERIES =
      """
      DELETE FROM analytics_series AS s
      WHERE NOT EXISTS (SELECT FROM analytics_sum AS r
        WHERE r.dimension = s.dimension AND r.series_id = s.series_id)
      """;

  private static final String SKETCHES = "DELETE FROM performance_sketch WHERE hour < :before";

  private final Database database;
  private final InstantSource clock;
  private final RetentionPolicy policy;

  AnalyticsRetention(Database database, InstantSource clock, RetentionPolicy policy) {
    this.database = database;
    this.clock = clock;
    this.policy = policy;
  }

  @Override
  public String name() {
    return "analytics-retention";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    Instant records = policy.firstRecord(now);
    database.useTransaction(
        handle -> {
          // Sums that wait to be made again need the costs.
          if (AnalyticsState.REBUILD.at(handle).isEmpty()) {
            RemovedCosts.remove(handle, records);
          }
        });
    database.useTransaction(handle -> removeSteps(handle, records));
    database.useTransaction(handle -> removeSums(handle, policy.firstSum(now)));
  }

  private static void removeSteps(Handle handle, Instant before) {
    long removed =
        handle
            .createQuery(STEPS)
            .bind("before", before)
            .map(ResultRow.to(row -> row.number("removed")))
            .one();
    note(handle, AnalyticsState.STEPS, before, removed);
  }

  private static void removeSums(Handle handle, Instant before) {
    // The writer of sums has looked up series that would be gone.
    SumRebuild.lock(handle);
    int sums =
        handle
            .createUpdate(SUMS)
            .bind("block", Math.floorDiv(before.getEpochSecond(), SECONDS_OF_DAY))
            .execute();
    note(handle, AnalyticsState.SUMS, before, sums);
    if (sums > 0) {
      handle.createUpdate(SERIES).execute();
    }
    int sketches = handle.createUpdate(SKETCHES).bind("before", before).execute();
    note(handle, AnalyticsState.SKETCHES, before, sketches);
  }

  private static void note(Handle handle, AnalyticsState what, Instant before, long removed) {
    if (removed > 0) {
      what.note(handle, before);
    }
  }
}
