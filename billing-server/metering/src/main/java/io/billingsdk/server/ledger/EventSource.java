package io.billingsdk.server.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The part of a statement that finds events with the app they belong to, by their key or since they
 * were attributed. It has the columns of the view {@code usage_event_attributed}; apart from it,
 * since the view knows the app only after it has joined, and no index helps then.
 */
final class EventSource {
  private static final String EVENTS = "FROM usage_event e\n";
  private static final String ATTRIBUTED = "JOIN attribution a USING (stream_id, seq)\n";

  private EventSource() {}

  /**
   * Adds it, in no parentheses.
   *
   * @param from an expression of the first moment
   * @param to an expression of the first moment after
   * @param times the values of the question marks in both
   */
  static void add(Sql sql, EventFilter filter, String from, String to, Object... times) {
    String range = "WHERE e.occurred_at >= " + from + " AND e.occurred_at < " + to;
    String app = filter.app();
    if (app != null) {
      sql.add(columns("e.app_id", "e.key_id") + EVENTS + range, times);
      sql.add("AND e.app_id = ?", app);
      where(sql, filter, "e.key_id");
      sql.add("UNION ALL");
      sql.add(
          columns("a.app_id", "coalesce(a.key_id, e.key_id)") + EVENTS + ATTRIBUTED + range, times);
      sql.add("AND e.app_id IS NULL AND a.app_id = ?", app);
      where(sql, filter, "coalesce(a.key_id, e.key_id)");
      return;
    }
    String key = "coalesce(a.key_id, e.key_id)";
    sql.add(
        columns("coalesce(e.app_id, a.app_id)", key) + EVENTS + "LEFT " + ATTRIBUTED + range,
        times);
    if (filter.unattributed()) {
      sql.add("AND e.app_id IS NULL AND a.app_id IS NULL");
    }
    where(sql, filter, key);
  }

  private static String columns(String app, String key) {
    return "SELECT e.occurred_at, e.received_at, stream_id, seq, "
        + app
        + " AS app_id, "
        + key
        + " AS key_id, e.module, e.model, e.usage, e.metadata, e.idempotency_key, e.quantities,"
        + " e.subject, e.session, e.execution\n";
  }

  private static void where(Sql sql, EventFilter filter, String key) {
    for (Equal each : equal(filter, key)) {
      sql.add("AND " + each.expression() + " = ?", each.value());
    }
    for (Equal each : usedBy(filter)) {
      sql.add("AND " + each.expression() + " = ?", each.value());
    }
    for (Map.Entry<String, String> each : filter.metadata().entrySet()) {
      sql.add("AND e.metadata->>? = ?", each.getKey(), each.getValue());
    }
  }

  /** A column that must have a value. */
  record Equal(String expression, String value) {}

  /** The filter by user, which only the events know. */
  private static List<Equal> usedBy(EventFilter filter) {
    List<Equal> all = new ArrayList<>();
    if (filter.subject() != null) {
      all.add(new Equal("e.subject", filter.subject()));
    }
    if (filter.session() != null) {
      all.add(new Equal("e.session", filter.session()));
    }
    if (filter.execution() != null) {
      all.add(new Equal("e.execution", filter.execution()));
    }
    return all;
  }

  /** The filter by module, model and key. */
  static List<Equal> equal(EventFilter filter, String key) {
    List<Equal> all = new ArrayList<>();
    if (filter.key() != null) {
      all.add(new Equal(key, filter.key()));
    }
    if (filter.module() != null) {
      all.add(new Equal("module", filter.module()));
    }
    if (filter.model() != null) {
      all.add(new Equal("model", filter.model()));
    }
    return all;
  }
}
