package io.billingsdk.server.quotas;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.AppendedEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a lease is of, by its epoch: this never changes, and is read once. Thread-safe.
 *
 * <p>A lease of an instance covers events of its own stream alone. One whose stream the ledger does
 * not know yet is looked up again.
 */
final class LeaseRefs {
  private static final int MOST = 100_000;

  private static final String SELECT =
      """
      SELECT l.lease_no, l.ledger, l.quota_id, l.period_start, l.stream IS NULL AS anybodys, s.stream_id
      FROM quota_lease l LEFT JOIN stream s ON s.uuid = l.stream
      WHERE l.lease_no = ANY (:numbers)
      """;

  private final Map<String, LeaseRef> known = new ConcurrentHashMap<>();

  /**
   * What a lease is of.
   *
   * @param streamId whose events it covers; null for those of any stream
   */
  record LeaseRef(long number, String quota, Instant periodStart, @Nullable Integer streamId) {

    boolean covers(String quotaId, Instant start, int stream) {
      return quota.equals(quotaId)
          && periodStart.equals(start)
          && (streamId == null || streamId == stream);
    }
  }

  /** Reads the leases that rows name and that are not known. */
  void load(Handle handle, Collection<AppendedEvent> rows) {
    if (known.size() > MOST) {
      known.clear();
    }
    Set<Long> wanted = new HashSet<>();
    for (AppendedEvent row : rows) {
      for (String each : row.admission()) {
        Epoch epoch = known.containsKey(each) ? null : Epoch.parse(each);
        if (epoch != null) {
          wanted.add(epoch.number());
        }
      }
    }
    if (!wanted.isEmpty()) {
      handle
          .createQuery(SELECT)
          .bind("numbers", SqlArrays.numbers(wanted))
          .map(ResultRow.to(this::remember))
          .list();
    }
  }

  private long remember(ResultRow row) {
    long number = row.number("lease_no");
    boolean anybodys = row.flag("anybodys");
    if (anybodys || !row.isNull("stream_id")) {
      known.put(
          Epoch.of(row.uuid("ledger"), number).toString(),
          new LeaseRef(
              number,
              row.text("quota_id"),
              row.time("period_start"),
              anybodys ? null : row.integer("stream_id")));
    }
    return number;
  }

  /** By its epoch; null where there is no such lease. */
  @Nullable LeaseRef of(String epoch) {
    return known.get(epoch);
  }
}
