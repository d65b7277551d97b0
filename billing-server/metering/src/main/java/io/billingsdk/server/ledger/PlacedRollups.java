package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Reads a meter for many places in one statement: whole hours of the rollups, or events. */
final class PlacedRollups {
  private PlacedRollups() {}

  /** Adds what the rollups of whole hours show for each place. */
  static void addRollups(
      Handle handle,
      MeterQuery query,
      List<List<AppRange>> places,
      List<Map<String, BigDecimal>> shown) {
    if (places.stream().anyMatch(each -> !each.isEmpty())) {
      add(handle, sql(query, places), shown);
    }
  }

  /** Adds what single events show for each place. */
  static void addEvents(
      Handle handle,
      MeterQuery query,
      List<List<AppRange>> places,
      List<Map<String, BigDecimal>> shown) {
    if (places.stream().allMatch(List::isEmpty)) {
      return;
    }
    Sql sql = new Sql();
    MeterSql.addPlacedEvents(sql, query, PlacedRange.of(places));
    sql.add("SELECT place, grouped, " + query.aggregate() + " AS measured FROM (SELECT e.place,");
    MeterSql.addGroup(sql, query, "e");
    MeterSql.addValue(sql.add("AS grouped,"), query.value());
    sql.add("AS value, e.occurred_at, e.stream_id, e.seq FROM event e) AS valued");
    add(handle, sql.add("GROUP BY place, grouped"), shown);
  }

  private static void add(Handle handle, Sql sql, List<Map<String, BigDecimal>> shown) {
    sql.query(handle)
        .map(
            ResultRow.to(
                row ->
                    shown
                        .get(row.integer("place"))
                        .merge(row.text("grouped"), row.decimal("measured"), BigDecimal::add)))
        .forEach(each -> {});
  }

  private static Sql sql(MeterQuery query, List<List<AppRange>> places) {
    Sql sql = new Sql();
    PlacedRange.addSpans(sql, PlacedRange.of(places));
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
    sql.add("SELECT DISTINCT ON (span.place, c.corrects_stream_id, c.corrects_seq)");
    sql.add("span.place, c.seq, c.app_id, c.occurred_at, c.usage FROM span JOIN correction c");
    sql.add("ON c.app_id = span.app_id AND c.occurred_at >= span.first");
    sql.add("AND c.occurred_at < span.beyond");
    sql.add("ORDER BY span.place, c.corrects_stream_id, c.corrects_seq, c.seq DESC) AS last");
    sql.add("JOIN usage_event e ON e.app_id = last.app_id AND e.occurred_at = last.occurred_at");
    sql.add("AND e.stream_id = " + Corrections.STREAM_ID + " AND e.seq = last.seq");
    sql.add("WHERE last.usage = 0");
    MeterSql.addFilter(sql, query.module(), query.models(), "e");
  }
}
