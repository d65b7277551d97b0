package io.billingsdk.server.quotas;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/** Refused calls of windows, and what they have led to; in the caller's transaction. */
final class ViolationRows {
  private static final String CHANGED =
      "SELECT DISTINCT key_id FROM quota_refusal_slot WHERE changed_at >= :since ORDER BY key_id";

  /** Of windows that have led to something already, nothing. */
  private static final String COUNTS =
      """
      SELECT w.place, r.count
      FROM unnest(:keys, :plans, :rules, :starts, :reasons) WITH ORDINALITY
        AS w (key_id, plan, rule, window_start, reasons, place)
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(s.count), 0)::bigint AS count FROM quota_refusal_slot s
        WHERE s.key_id = w.key_id AND s.slot >= w.window_start
          AND s.reason = ANY (string_to_array(w.reasons, ','))) AS r
      WHERE NOT EXISTS (SELECT FROM quota_violation v WHERE v.key_id = w.key_id
        AND v.plan = w.plan AND v.rule = w.rule AND v.window_start = w.window_start)
      """;

  private static final String NOTE =
      """
      INSERT INTO quota_violation (key_id, plan, rule, window_start, refusals)
      VALUES (:key, :plan, :rule, :start, :refusals) ON CONFLICT DO NOTHING
      """;

  private ViolationRows() {}

  /** The window in which the refused calls of a key count for a rule of its plan. */
  record RefusalWindow(String key, String plan, int rule, Instant start, List<String> reasons) {
    /** Copies the list. */
    RefusalWindow {
      reasons = List.copyOf(reasons);
    }
  }

  static List<String> changed(Handle handle, Instant since) {
    return handle
        .createQuery(CHANGED)
        .bind("since", since)
        .map(ResultRow.to(row -> row.text("key_id")))
        .list();
  }

  /** How many calls were refused in windows, by their places in the list. */
  static Map<Integer, Long> counts(Handle handle, List<RefusalWindow> windows) {
    return handle
        .createQuery(COUNTS)
        .bind("keys", texts(windows, RefusalWindow::key))
        .bind("plans", texts(windows, RefusalWindow::plan))
        .bind("rules", SqlArrays.numbers(windows.stream().map(each -> (long) each.rule()).toList()))
        .bind("starts", SqlArrays.times(windows.stream().map(RefusalWindow::start).toList()))
        .bind("reasons", texts(windows, each -> String.join(",", each.reasons())))
        .map(ResultRow.to(row -> Map.entry((int) row.number("place") - 1, row.number("count"))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  private static Argument texts(List<RefusalWindow> windows, Function<RefusalWindow, String> text) {
    return SqlArrays.texts(windows.stream().map(text).toList());
  }

  /** False when it was noted for this window before. */
  static boolean note(Handle handle, RefusalWindow window, long refusals) {
    return handle
            .createUpdate(NOTE)
            .bind("key", window.key())
            .bind("plan", window.plan())
            .bind("rule", window.rule())
            .bind("start", window.start())
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
