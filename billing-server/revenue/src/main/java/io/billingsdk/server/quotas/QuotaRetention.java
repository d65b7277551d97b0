package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Deletes leases that nothing can change any longer, holders without leases, and counts of refusals
 * of processes that are gone: each process and each reservation adds some. Counters and extensions
 * stay.
 */
final class QuotaRetention implements Job {
  /** Longer than an event waits in a journal as a rule; one that is later is beyond its lease. */
  static final Duration KEPT = Duration.ofDays(35);

  private static final Duration EVERY = Duration.ofHours(1);
  private static final int MOST = 5_000;

  /**
   * Those that the intake has locked are for the next time: it locks in an order of its own. A
   * switch of plans may have moved the end of a period after a lease of it began.
   */
  private static final String LEASES =
      """
      DELETE FROM quota_lease WHERE lease_no IN (
        SELECT lease_no FROM quota_lease l
        WHERE expires_at < :before
          AND (NOT hard OR holding = 'done' OR granted = settled + returned
            OR (period_end < :before AND NOT EXISTS (SELECT FROM quota_lease later
              WHERE later.quota_id = l.quota_id AND later.period_start = l.period_start
                AND later.period_end >= :before)))
        ORDER BY lease_no LIMIT :most FOR UPDATE SKIP LOCKED)
      """;

  /** As long as an instance has a lease, all its processes must be known in their order. */
  private static final String HOLDERS =
      """
      DELETE FROM quota_holder WHERE holder_no IN (
        SELECT h.holder_no FROM quota_holder h
        WHERE h.first_seen < :before
          AND NOT EXISTS (SELECT FROM quota_lease l WHERE l.instance = h.instance)
        ORDER BY h.holder_no LIMIT :most)
      """;

  private static final String REFUSALS =
      """
      DELETE FROM quota_refusal WHERE (key_id, reason, instance, stream) IN (
        SELECT key_id, reason, instance, stream FROM quota_refusal
        WHERE said_at < :before LIMIT :most FOR UPDATE SKIP LOCKED)
      """;

  private final Database database;
  private final Clock clock;

  QuotaRetention(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "quota-retention";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    Instant before = clock.instant().minus(KEPT);
    // In this order: a holder is deleted after its leases.
    for (String each : List.of(LEASES, HOLDERS, REFUSALS)) {
      deleteAll(each, before);
    }
  }

  /** In parts: each call over HTTP may leave a reservation, so one part an hour is too little. */
  private void deleteAll(String sql, Instant before) {
    int deleted = MOST;
    while (deleted == MOST && !Thread.currentThread().isInterrupted()) {
      deleted =
          database.inTransaction(
              handle ->
                  handle.createUpdate(sql).bind("before", before).bind("most", MOST).execute());
    }
  }
}
