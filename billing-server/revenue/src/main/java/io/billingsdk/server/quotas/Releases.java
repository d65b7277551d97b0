package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.quotas.LeaseRows.LeaseRow;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Ends leases of holders that did not close them. Once an instance that has begun again reports its
 * journal empty, no more usage can come of the leases of its earlier processes. Thread-safe.
 */
final class Releases {
  /** A sign of life of an earlier process may be on its way when the next one has begun. */
  static final Duration SETTLED = Duration.ofSeconds(5);

  private static final String OTHERS =
      """
      SELECT EXISTS (SELECT FROM quota_lease WHERE instance = :instance AND holding <> 'done'
        AND stream <> :stream)
      """;

  private static final String HOLDER =
      """
      INSERT INTO quota_holder (instance, stream, first_seen)
      SELECT :instance, :stream, :now
      WHERE NOT EXISTS (SELECT FROM quota_holder WHERE instance = :instance AND stream = :stream)
      ON CONFLICT DO NOTHING
      """;

  private static final String IS_LAST =
      """
      SELECT h.first_seen <= :since AND NOT EXISTS (SELECT FROM quota_holder later
        WHERE later.instance = h.instance AND later.holder_no > h.holder_no) AS last
      FROM quota_holder h WHERE h.instance = :instance AND h.stream = :stream
      """;

  private static final String OLDER =
      """
      SELECT l.* FROM quota_lease l
      WHERE l.instance = :instance AND l.stream <> :stream AND l.holding <> 'done'
      ORDER BY l.lease_no FOR UPDATE
      """;

  private static final String NAMED =
      """
      SELECT l.* FROM quota_lease l
      WHERE l.quota_id = :quota AND l.holding <> 'done'
        AND (CAST(:instance AS text) IS NULL OR l.instance = :instance)
        AND l.expires_at < :expired
      ORDER BY l.lease_no FOR UPDATE
      """;

  private final Database database;
  private final Clock clock;

  Releases(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Notes that a process holds leases, or is about to. */
  void holds(String instance, UUID stream) {
    database.useTransaction(handle -> note(handle, instance, stream));
  }

  /** An instance says that nothing waits in its journal; gives how many leases end by that. */
  int emptied(String instance, UUID stream) {
    boolean others =
        database.read(
            handle ->
                handle
                    .createQuery(OTHERS)
                    .bind("instance", instance)
                    .bind("stream", stream)
                    .mapTo(Boolean.class)
                    .one());
    return others ? database.inTransaction(handle -> release(handle, instance, stream)) : 0;
  }

  private int release(Handle handle, String instance, UUID stream) {
    note(handle, instance, stream);
    boolean last =
        handle
            .createQuery(IS_LAST)
            .bind("instance", instance)
            .bind("stream", stream)
            .bind("since", clock.instant().minus(SETTLED))
            .map(ResultRow.to(row -> row.flag("last")))
            .one();
    if (!last) {
      return 0;
    }
    return end(
        handle
            .createQuery(OLDER)
            .bind("instance", instance)
            .bind("stream", stream)
            .map(ResultRow.to(LeaseRows::lease))
            .list(),
        handle);
  }

  /**
   * An operator knows that nothing more comes of the leases of a quota. One that may still be spent
   * from stays: it ends by itself within 75 seconds of its holder's last word.
   *
   * @param instance whose; null for all holders
   * @return how many end by that
   */
  int release(Handle handle, String quota, @Nullable String instance) {
    return end(
        handle
            .createQuery(NAMED)
            .bind("quota", quota)
            .bind("instance", instance)
            .bind("expired", clock.instant().minus(Leases.GRACE))
            .map(ResultRow.to(LeaseRows::lease))
            .list(),
        handle);
  }

  private static int end(List<LeaseRow> leases, Handle handle) {
    for (LeaseRow each : leases) {
      LeaseRows.end(handle, each, each.loss());
    }
    return leases.size();
  }

  private void note(Handle handle, String instance, UUID stream) {
    handle
        .createUpdate(HOLDER)
        .bind("instance", instance)
        .bind("stream", stream)
        .bind("now", clock.instant())
        .execute();
  }
}
