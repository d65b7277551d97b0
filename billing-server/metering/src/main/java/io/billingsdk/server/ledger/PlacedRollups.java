package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Reads a meter for many places in one statement: whole hours of the rollups. */
final class PlacedRollups {
  private PlacedRollups() {}

  /** What the meter shows for each place. */
  static List<Map<String, BigDecimal>> read(
      Handle handle, MeterQuery query, List<List<AppRange>> places) {
    List<Map<String, BigDecimal>> shown = new ArrayList<>();
    places.forEach(each -> shown.add(new TreeMap<>()));
    sql(query, places)
        .query(handle)
        .map(
            ResultRow.to(
                row -> {
                  shown.get(row.integer("place")).put(row.text("grouped"), row.decimal("measured"));
                  return row.integer("place");
                }))
        .forEach(each -> {});
    return shown;
  }

  private static Sql sql(MeterQuery query, List<List<AppRange>> places) {
    List<Long> numbers = new ArrayList<>();
    List<AppRange> ranges = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      for (AppRange each : places.get(i)) {
        numbers.add((long) i);
        ranges.add(each);
      }
    }
    Sql sql = new Sql().add("WITH span AS MATERIALIZED (SELECT * FROM unnest(?::bigint[],");
    sql.add(
        "?::text[], ?::timestamptz[], ?::timestamptz[]) AS span (place, app_id, first, beyond))",
        SqlArrays.numbers(numbers),
        SqlArrays.texts(ranges.stream().map(AppRange::app).toList()),
        SqlArrays.times(ranges.stream().map(AppRange::from).toList()),
        SqlArrays.times(ranges.stream().map(AppRange::to).toList()));
    sql.add("SELECT place, grouped, sum(measured) AS measured FROM (SELECT span.place,");
    MeterSql.addGroup(sql, query, "s");
    sql.add("AS grouped, " + (query.counts() ? "s.events::numeric" : "s.usage") + " AS measured,");
    sql.add("s.events AS counted FROM span JOIN usage_rollup_shard s ON s.app_id = span.app_id");
    sql.add("AND s.hour >= span.first AND s.hour < span.beyond WHERE true");
    MeterSql.addFilter(sql, query.module(), query.models(), "s");
    addCorrectedToZero(sql, query);
    return sql.add(") AS hour GROUP BY place, grouped HAVING sum(counted) <> 0");
  }

  /** As {@code MeterSql} does it for one place: rollups count each event for ever. */
  private static void addCorrectedToZero(Sql sql, MeterQuery query) {
    sql.add("UNION ALL SELECT last.place,");
    MeterSql.addGroup(sql, query, "e");
    sql.add("AS grouped, " + (query.counts() ? "-1" : "0") + " AS measured, -1 AS counted FROM (");
    sql.add("SELECT DISTINCT ON (c.corrects_stream_id, c.corrects_seq)");
    sql.add("span.place, c.seq, c.app_id, c.occurred_at, c.usage FROM span JOIN correction c");
    sql.add("ON c.app_id = span.app_id AND c.occurred_at >= span.first");
    sql.add("AND c.occurred_at < span.beyond");
    sql.add("ORDER BY c.corrects_stream_id, c.corrects_seq, c.seq DESC) AS last");
    sql.add("JOIN usage_event e ON e.app_id = last.app_id AND e.occurred_at = last.occurred_at");
    sql.add("AND e.stream_id = " + Corrections.STREAM_ID + " AND e.seq = last.seq");
    sql.add("WHERE last.usage = 0");
    MeterSql.addFilter(sql, query.module(), query.models(), "e");
  }
}
