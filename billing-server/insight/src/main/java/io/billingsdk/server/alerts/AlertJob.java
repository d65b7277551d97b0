package io.billingsdk.server.alerts;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.server.alerts.TouchedSums.Touch;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Judges rules by what costs have become. What it stores, what it says, and the notes that it is
 * done with are one transaction: a run that is cut off has said nothing and forgotten nothing.
 */
final class AlertJob implements Job {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final int MOST = 5_000;

  /** Two that judge at once would say the same. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing.alerts'))";

  private final Database database;
  private final InstantSource clock;

  // The quarter of an hour by which rolling windows were judged last.
  private volatile @Nullable Instant quarter;

  AlertJob(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "cost-alerts";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    boolean more = true;
    while (more && !Thread.currentThread().isInterrupted()) {
      more = step();
    }
  }

  private boolean step() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Instant begun = LocalDays.quarterOf(now);
    boolean hasMoved = !begun.equals(quarter);
    boolean more =
        database.inTransaction(
            (Handle handle) -> {
              lock(handle);
              List<Touch> touched = TouchedSums.take(handle, MOST);
              for (StoredRule each : RuleRows.all(handle)) {
                new RuleJudge(handle, each, now).judge(touched, hasMoved);
              }
              return touched.size() == MOST;
            });
    quarter = begun;
    return more;
  }

  /** Waits until nobody judges rules. */
  static void lock(Handle handle) {
    handle.execute(LOCK);
  }
}
