package io.billingsdk.server.ledger;

import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.EventValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a statement that reads a meter. Each event comes with what it amounts to by the cut;
 * one that was corrected to 0 does not come at all.
 */
final class MeterSql {
  private static final String COLUMNS =
      "e.occurred_at, e.stream_id, e.seq, e.module, e.model, e.usage, e.metadata, e.quantities,"
          + " e.subject, e.session, e.execution";

  static final int DIGEST_PIECES = 4;

  /** Identity and content of an {@code event e} of a {@code stream s}, as the digest has it. */
  static final String CONTENT =
      "jsonb_build_array(s.uuid, e.seq, extract(epoch FROM e.occurred_at), e.app_id, e.module,"
          + " e.model, trim_scale(e.amount), e.metadata, e.quantities, e.subject, e.session,"
          + " e.execution)::text";

  private MeterSql() {}

  /** The events of ranges as {@code event}; {@code corrected} has their corrections. */
  static void addEvents(Sql sql, MeterQuery query, List<AppRange> ranges) {
    addPlacedEvents(sql, query, ranges.stream().map(each -> new PlacedRange(0, each)).toList());
  }

  /** The same with the column place: an event is there once for each place that it is in. */
  static void addPlacedEvents(Sql sql, MeterQuery query, List<PlacedRange> placed) {
    List<AppRange> ranges = placed.stream().map(PlacedRange::range).toList();
    PlacedRange.addSpans(sql, placed);
    sql.add(", corrected AS MATERIALIZED (SELECT span.place,");
    sql.add("c.corrects_stream_id AS stream_id, c.corrects_seq AS seq,");
    sql.add("sum(c.difference) AS difference FROM span JOIN correction c ON");
    sql.add("c.app_id = span.app_id AND c.occurred_at >= span.first");
    sql.add("AND c.occurred_at < span.beyond WHERE c.cut_no <= ?", query.cut());
    sql.add("GROUP BY 1, 2, 3), found AS (");
    sql.add("SELECT span.place, span.app_id, e.key_id, " + COLUMNS);
    sql.add("FROM span JOIN usage_event e ON e.app_id = span.app_id");
    sql.add("AND e.occurred_at >= span.first AND e.occurred_at < span.beyond");
    sql.add("WHERE e.stream_id <> " + Corrections.STREAM_ID + " AND e.cut_no <= ?", query.cut());
    addBounds(sql, ranges);
    sql.add("UNION ALL SELECT span.place, span.app_id, coalesce(a.key_id, e.key_id), " + COLUMNS);
    sql.add("FROM span JOIN attribution a ON a.app_id = span.app_id");
    sql.add("JOIN usage_event e ON e.stream_id = a.stream_id AND e.seq = a.seq");
    sql.add("AND e.occurred_at >= span.first AND e.occurred_at < span.beyond");
    sql.add("WHERE e.app_id IS NULL AND a.cut_no <= ? AND e.cut_no <= ?", query.cut(), query.cut());
    addBounds(sql, ranges);
    sql.add("), event AS (SELECT e.*, e.usage + coalesce(c.difference, 0) AS amount");
    sql.add("FROM found e LEFT JOIN corrected c USING (place, stream_id, seq)");
    sql.add("WHERE (c.difference IS NULL OR e.usage + c.difference <> 0)");
    addFilter(sql, query, "e");
    for (Map.Entry<String, String> each : query.metadata().entrySet()) {
      // A map has a text too, and would equal a text of the same letters.
      sql.add("AND jsonb_typeof(e.metadata->?) IN ('string', 'number', 'boolean')", each.getKey());
      sql.add("AND e.metadata->>? = ?", each.getKey(), each.getValue());
    }
    sql.add(")");
  }

  /** Of all ranges together: so the database opens the partitions of that time alone. */
  private static void addBounds(Sql sql, List<AppRange> ranges) {
    sql.add(
        "AND e.occurred_at >= ? AND e.occurred_at < ?",
        ranges.stream().map(AppRange::from).min(Comparator.naturalOrder()).orElseThrow(),
        ranges.stream().map(AppRange::to).max(Comparator.naturalOrder()).orElseThrow());
  }

  /**
   * The number of events, and sums over pieces of their hashes: a sum has no order. A piece of 60
   * bits is never negative, and sums of them are exact.
   */
  static void addDigest(Sql sql) {
    sql.add("SELECT count(*) AS events, concat_ws(':', count(*)");
    for (int piece = 0; piece < DIGEST_PIECES; piece++) {
      sql.add(", sum(('x' || substr(hash, " + (1 + 15 * piece) + ", 15))::bit(60)::bigint)");
    }
    sql.add(") AS sums FROM (SELECT encode(sha256(convert_to(" + CONTENT + ", 'UTF8')),");
    sql.add("'hex') AS hash");
    sql.add("FROM event e JOIN stream s USING (stream_id)) AS hashed");
  }

  /**
   * Whole hours of ranges, with a column {@code measured}, and one {@code counted}: how many events
   * amount to something. Groups without such an event are none.
   */
  static void addRollups(Sql sql, MeterQuery query, List<AppRange> ranges) {
    sql.add("SELECT");
    addGroup(sql, query, "s");
    sql.add("AS grouped, " + (query.counts() ? "s.events::numeric" : "s.usage") + " AS measured,");
    sql.add("s.events AS counted");
    addSpans(sql.add("FROM"), ranges);
    sql.add("AS span JOIN usage_rollup_shard s ON s.app_id = span.app_id");
    sql.add("AND s.hour >= span.first AND s.hour < span.beyond");
    sql.add("WHERE s.cut_no <= ?", query.cut());
    addFilter(sql, query, "s");
    addCorrectedToZero(sql, query, ranges);
  }

  /** The rollups count each event for ever: those that amount to nothing come off. */
  private static void addCorrectedToZero(Sql sql, MeterQuery query, List<AppRange> ranges) {
    sql.add("UNION ALL SELECT");
    addGroup(sql, query, "e");
    sql.add("AS grouped, " + (query.counts() ? "-1" : "0") + " AS measured, -1 AS counted FROM (");
    sql.add("SELECT DISTINCT ON (c.corrects_stream_id, c.corrects_seq)");
    sql.add("c.seq, c.app_id, c.occurred_at, c.usage");
    addSpans(sql.add("FROM"), ranges);
    sql.add("AS span JOIN correction c ON c.app_id = span.app_id");
    sql.add("AND c.occurred_at >= span.first AND c.occurred_at < span.beyond");
    sql.add("WHERE c.cut_no <= ?", query.cut());
    sql.add("ORDER BY c.corrects_stream_id, c.corrects_seq, c.seq DESC) AS last");
    // The correction itself is an event, with module, model and key of the one that it corrects.
    sql.add("JOIN usage_event e ON e.app_id = last.app_id AND e.occurred_at = last.occurred_at");
    sql.add("AND e.stream_id = " + Corrections.STREAM_ID + " AND e.seq = last.seq");
    sql.add("WHERE last.usage = 0");
    addFilter(sql, query, "e");
  }

  /** By what it is grouped; an empty text for all in one, and for events without it. */
  static void addGroup(Sql sql, MeterQuery query, String table) {
    Dimension dimension = query.groupBy();
    if (dimension instanceof Dimension.Metadata metadata) {
      sql.add("coalesce(" + table + ".metadata->>?, '')", metadata.field());
    } else if (dimension instanceof Dimension.Column known) {
      sql.add("coalesce(" + table + "." + known.column() + ", '')");
    } else {
      sql.add("''");
    }
  }

  /** The value of an {@code event e}. */
  static void addValue(Sql sql, EventValue value) {
    switch (value.field()) {
      case USAGE -> sql.add("e.amount");
      case ONE -> sql.add("1::numeric");
      case QUANTITY -> sql.add("coalesce((e.quantities->>?)::numeric, 0)", value.name());
      case SUBJECT -> sql.add("e.subject");
      case SESSION -> sql.add("e.session");
      case EXECUTION -> sql.add("e.execution");
      case METADATA -> sql.add("(e.metadata->>?)", value.name());
    }
  }

  private static void addFilter(Sql sql, MeterQuery query, String table) {
    addFilter(sql, query.module(), query.models(), table);
  }

  /** Only of a module, if one is given, and of models, if some are. */
  static void addFilter(Sql sql, @Nullable String module, List<String> models, String table) {
    if (module != null) {
      sql.add("AND " + table + ".module = ?", module);
    }
    if (!models.isEmpty()) {
      List<String> names = models.stream().filter(each -> !each.endsWith("*")).toList();
      List<String> beginnings =
          models.stream()
              .filter(each -> each.endsWith("*"))
              .map(each -> each.substring(0, each.length() - 1))
              .toList();
      sql.add("AND (" + table + ".model = ANY (?)", SqlArrays.texts(names));
      sql.add("OR EXISTS (SELECT 1 FROM unnest(?::text[]) AS begin", SqlArrays.texts(beginnings));
      sql.add("WHERE starts_with(" + table + ".model, begin)))");
    }
  }

  private static void addSpans(Sql sql, List<AppRange> ranges) {
    sql.add(
        "(SELECT * FROM unnest(?::text[], ?::timestamptz[], ?::timestamptz[])"
            + " AS span (app_id, first, beyond))",
        SqlArrays.texts(ranges.stream().map(AppRange::app).toList()),
        SqlArrays.times(ranges.stream().map(AppRange::from).toList()),
        SqlArrays.times(ranges.stream().map(AppRange::to).toList()));
  }
}
