package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.LedgerBalance.CountedUsage;
import io.billingsdk.server.ledger.LedgerBalance.CutTime;
import io.billingsdk.server.ledger.LedgerBalance.EventChoice;
import io.billingsdk.server.ledger.LedgerBalance.RefusedEvents;
import io.billingsdk.server.ledger.LedgerBalance.RollupDifference;
import io.billingsdk.server.ledger.LedgerBalance.StoredUsage;
import io.billingsdk.server.ledger.LedgerBalance.StreamNumbers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Sums over all rows of the ledger, from the rows themselves and never from other sums. */
final class BalanceRows {
  private static final Instant FOR_EVER = Instant.parse("9999-01-01T00:00:00Z");

  // Numbers that were refused for themselves have not come: StreamStateRows leaves them out too.
  private static final String NUMBERS =
      """
      SELECT s.uuid, s.highest_seq, s.left_out, coalesce(i.identities, 0) AS identities,
        coalesce(e.events, 0) AS events, coalesce(e.strange, 0) AS strange,
        LENGTH(come.gaps - gone - off) AS missing, LENGTH(come.gaps * gone) AS dropped,
        LENGTH(come.gaps * off - gone) AS written_off,
        greatest(coalesce(h.last_seq, 0) - s.highest_seq, 0) AS pending,
        (SELECT count(*) FROM (
            SELECT r.seq FROM rejected_event r WHERE r.stream = s.uuid AND r.code NOT IN
              ('STREAM_FOREIGN', 'TOO_MANY_GAPS', 'SEQ_JUMP', 'SEQ_TOO_LARGE')
            UNION SELECT c.seq FROM conflicting_event c WHERE c.stream_id = s.stream_id) AS kept
          WHERE kept.seq <= s.highest_seq AND NOT EXISTS (
            SELECT FROM event_identity e WHERE e.stream_id = s.stream_id AND e.seq = kept.seq))
          AS refused
      FROM stream s
      LEFT JOIN (SELECT stream_id, count(*) AS identities FROM event_identity GROUP BY 1) AS i
        USING (stream_id)
      LEFT JOIN (
        SELECT e.stream_id, count(*) AS events, count(*) FILTER (WHERE i.seq IS NULL) AS strange
        FROM usage_event e LEFT JOIN event_identity i USING (stream_id, seq) GROUP BY 1) AS e
        USING (stream_id)
      LEFT JOIN stream_hello h USING (stream_id)
      LEFT JOIN stream_dropped d USING (stream_id)
      LEFT JOIN stream_written_off w USING (stream_id)
      CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(number_range(first_seq, last_seq)), '{}') AS gaps,
          coalesce(d.numbers, '{}') AS gone, coalesce(w.numbers, '{}') AS off
        FROM stream_gap g WHERE g.stream_id = s.stream_id) AS come
      WHERE s.stream_id <> 0 ORDER BY s.uuid
      """
          .replaceAll(
              "LENGTH\\(([^()]*)\\)",
              "(SELECT coalesce(sum(upper(part) - lower(part)), 0)::bigint"
                  + " FROM unnest($1) AS part)");

  private static final String REFUSED =
      """
      SELECT code, count(*) AS events, count(h.rejected_id) AS held
      FROM rejected_event r LEFT JOIN held_event h ON h.rejected_id = r.id
      WHERE NOT EXISTS (SELECT FROM replay p WHERE p.rejected_id = r.id) GROUP BY code
      UNION ALL SELECT 'conflicting', count(*), 0 FROM conflicting_event HAVING count(*) > 0
      ORDER BY code
      """;

  private static final String MONTH =
      "date_trunc('month', %s AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS month";

  private BalanceRows() {}

  static List<StreamNumbers> numbers(Handle handle) {
    return handle
        .createQuery(NUMBERS)
        .map(
            ResultRow.to(
                row ->
                    new StreamNumbers(
                        row.uuid("uuid"),
                        row.number("highest_seq"),
                        row.number("identities"),
                        row.number("events"),
                        row.number("strange"),
                        row.number("missing"),
                        row.number("dropped"),
                        row.number("written_off"),
                        row.number("refused"),
                        row.number("left_out"),
                        row.number("pending"))))
        .list();
  }

  static List<RefusedEvents> refused(Handle handle) {
    return handle
        .createQuery(REFUSED)
        .map(
            ResultRow.to(
                row ->
                    new RefusedEvents(row.text("code"), row.number("events"), row.number("held"))))
        .list();
  }

  static List<StoredUsage> stored(Handle handle, Instant from, Instant to, @Nullable String app) {
    Sql sql =
        new Sql().add("SELECT app, month, sum(events)::bigint AS events, sum(usage) AS usage");
    addEvents(sql.add("FROM ("), from, to, app);
    return sql.add(") AS own GROUP BY app, month ORDER BY app, month")
        .query(handle)
        .map(
            ResultRow.to(
                row ->
                    new StoredUsage(
                        row.text("app"),
                        row.time("month"),
                        row.number("events"),
                        row.decimal("usage"))))
        .list();
  }

  static List<RollupDifference> rollupDifferences(
      Handle handle, Instant from, Instant to, @Nullable String app) {
    Sql sql = new Sql().add("SELECT app, month, module, model,");
    sql.add("coalesce(own.events, 0) AS events, coalesce(own.usage, 0) AS usage,");
    sql.add("coalesce(rolled.events, 0) AS rolled_events,");
    sql.add("coalesce(rolled.usage, 0) AS rolled_usage FROM (");
    addEvents(sql, from, to, app);
    sql.add(") AS own FULL JOIN (SELECT s.app_id AS app, " + MONTH.formatted("s.hour") + ",");
    sql.add("s.key_id AS key, s.module, s.model, sum(s.events) AS events, sum(s.usage) AS usage");
    sql.add("FROM usage_rollup_shard s WHERE s.hour >= ? AND s.hour < ?", from, to);
    if (app != null) {
      sql.add("AND s.app_id = ?", app);
    }
    sql.add("GROUP BY 1, 2, 3, 4, 5) AS rolled USING (app, month, key, module, model)");
    sql.add("WHERE (coalesce(own.events, 0), coalesce(own.usage, 0)) <>");
    sql.add("(coalesce(rolled.events, 0), coalesce(rolled.usage, 0))");
    sql.add("ORDER BY app, month, module, model LIMIT " + LedgerBalance.MOST_DIFFERENCES);
    return sql.query(handle).map(ResultRow.to(BalanceRows::difference)).list();
  }

  private static RollupDifference difference(ResultRow row) {
    return new RollupDifference(
        row.text("app"),
        row.time("month"),
        row.text("module"),
        row.text("model"),
        row.number("events"),
        row.decimal("usage"),
        row.number("rolled_events"),
        row.decimal("rolled_usage"));
  }

  /** Events by app, month, key, module and model. */
  private static void addEvents(Sql sql, Instant from, Instant to, @Nullable String app) {
    sql.add("SELECT coalesce(e.app_id, a.app_id, '') AS app, " + MONTH.formatted("e.occurred_at"));
    sql.add(", coalesce(a.key_id, e.key_id, '') AS key, e.module, e.model,");
    sql.add("count(*) FILTER (WHERE stream_id <> " + Corrections.STREAM_ID + ") AS events,");
    sql.add("sum(e.usage) AS usage");
    sql.add("FROM usage_event e LEFT JOIN attribution a USING (stream_id, seq)");
    sql.add("WHERE e.occurred_at >= ? AND e.occurred_at < ?", from, to);
    if (app != null) {
      sql.add("AND coalesce(e.app_id, a.app_id) = ?", app);
    }
    sql.add("GROUP BY 1, 2, 3, 4, 5");
  }

  static List<CountedUsage> count(Handle handle, List<CutTime> times, List<EventChoice> read) {
    Sql sql = new Sql().add("WITH span AS MATERIALIZED (SELECT * FROM unnest(?::bigint[],");
    sql.add(
        "?::text[], ?::timestamptz[], ?::timestamptz[], ?::bigint[])"
            + " AS span (place, app_id, first, beyond, cut))",
        SqlArrays.numbers(times.stream().map(each -> (long) each.place()).toList()),
        SqlArrays.texts(times.stream().map(CutTime::app).toList()),
        SqlArrays.times(times.stream().map(CutTime::from).toList()),
        SqlArrays.times(
            times.stream().map(each -> each.to() == null ? FOR_EVER : each.to()).toList()),
        SqlArrays.numbers(times.stream().map(CutTime::cut).toList()));
    sql.add("SELECT place, " + MONTH.formatted("occurred_at") + ", late, (");
    addChoices(sql, read);
    sql.add(") AS read, count(*) FILTER (WHERE stream_id <> " + Corrections.STREAM_ID + ")");
    sql.add("AS events, sum(usage) AS usage FROM (");
    sql.add("SELECT span.place, e.cut_no > span.cut AS late, e.* FROM span JOIN usage_event e");
    sql.add("ON e.app_id = span.app_id AND e.occurred_at >= span.first");
    sql.add("AND e.occurred_at < span.beyond UNION ALL");
    sql.add("SELECT span.place, greatest(e.cut_no, a.cut_no) > span.cut AS late, e.*");
    sql.add("FROM span JOIN attribution a ON a.app_id = span.app_id");
    sql.add("JOIN usage_event e ON e.stream_id = a.stream_id AND e.seq = a.seq");
    sql.add("AND e.occurred_at >= span.first AND e.occurred_at < span.beyond");
    sql.add("WHERE e.app_id IS NULL) AS e GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4");
    return sql.query(handle)
        .map(
            ResultRow.to(
                row ->
                    new CountedUsage(
                        row.integer("place"),
                        row.time("month"),
                        row.flag("late"),
                        row.flag("read"),
                        row.number("events"),
                        row.decimal("usage"))))
        .list();
  }

  private static void addChoices(Sql sql, List<EventChoice> read) {
    if (read.stream().anyMatch(EventChoice::isAll)) {
      sql.add("true");
      return;
    }
    sql.add("false");
    for (EventChoice each : read) {
      sql.add("OR (true");
      MeterSql.addFilter(sql, each.module(), each.models(), "e");
      for (Map.Entry<String, String> field : each.metadata().entrySet()) {
        sql.add("AND coalesce(e.metadata->>? = ?, false)", field.getKey(), field.getValue());
      }
      sql.add(")");
    }
  }
}
