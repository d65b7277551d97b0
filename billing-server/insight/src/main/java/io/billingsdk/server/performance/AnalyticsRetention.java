package io.billingsdk.server.performance;

import io.billingsdk.server.costs.RemovedCosts;
import io.billingsdk.server.db.Database;
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
  private static final int MOST_ROWS = 20_000;
  private static final long SECONDS_OF_DAY = 86_400;

  private static final String STEPS =
      """
      DELETE FROM performance_step WHERE (at, stream_id, seq) IN (
        SELECT at, stream_id, seq FROM performance_step WHERE at < :before LIMIT :most)
      """;

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
    removeSteps(records);
    database.useTransaction(handle -> removeSums(handle, policy.firstSum(now)));
  }

  /** In parts, each of its own transaction: the intake of steps waits for none of them. */
  private void removeSteps(Instant before) {
    boolean more = true;
    while (more && !Thread.currentThread().isInterrupted()) {
      more =
          database.inTransaction(
              handle -> {
                int removed =
                    handle
                        .createUpdate(STEPS)
                        .bind("before", before)
                        .bind("most", MOST_ROWS)
                        .execute();
                note(handle, AnalyticsState.STEPS, before, removed);
                return removed == MOST_ROWS;
              });
    }
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

  private static void note(Handle handle, AnalyticsState what, Instant before, int removed) {
    if (removed > 0) {
      what.note(handle, before);
    }
  }
}
