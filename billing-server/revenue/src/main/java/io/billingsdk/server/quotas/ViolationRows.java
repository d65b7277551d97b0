package io.billingsdk.server.quotas;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Refused calls of windows, and what they have led to; in the caller's transaction. */
final class ViolationRows {
  private static final String CHANGED =
      "SELECT DISTINCT key_id FROM quota_refusal_slot WHERE changed_at >= :since ORDER BY key_id";

  private static final String COUNT =
      """
      SELECT coalesce(sum(count), 0)::bigint AS count FROM quota_refusal_slot
      WHERE key_id = :key AND slot >= :since AND reason = ANY (:reasons)
      """;

  private static final String NOTE =
      """
      INSERT INTO quota_violation (key_id, plan, rule, window_start, refusals)
      VALUES (:key, :plan, :rule, :start, :refusals) ON CONFLICT DO NOTHING
      """;

  private ViolationRows() {}

  static List<String> changed(Handle handle, Instant since) {
    return handle
        .createQuery(CHANGED)
        .bind("since", since)
        .map(ResultRow.to(row -> row.text("key_id")))
        .list();
  }

  static long count(Handle handle, String key, Instant since, List<String> reasons) {
    return handle
        .createQuery(COUNT)
        .bind("key", key)
        .bind("since", since)
        .bind("reasons", SqlArrays.texts(reasons))
        .map(ResultRow.to(row -> row.number("count")))
        .one();
  }

  /** False when it was noted for this window before. */
  static boolean note(
      Handle handle, String key, String plan, int rule, Instant start, long refusals) {
    return handle
            .createUpdate(NOTE)
            .bind("key", key)
            .bind("plan", plan)
            .bind("rule", rule)
            .bind("start", start)
            .bind("refusals", refusals)
            .execute()
        > 0;
  }

  static void deleteBefore(Handle handle, Instant slot) {
    handle
        .createUpdate("DELETE FROM quota_refusal_slot WHERE slot < :slot")
        .bind("slot", slot)
        .execute();
  }
}
