package io.billingsdk.server.ledger;

import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.util.ArrayList;
import java.util.List;

/** An app and a time of one of many places. */
record PlacedRange(long place, AppRange range) {
  /** All ranges of places, each with the number of its place. */
  static List<PlacedRange> of(List<List<AppRange>> places) {
    List<PlacedRange> placed = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      for (AppRange each : places.get(i)) {
        placed.add(new PlacedRange(i, each));
      }
    }
    return placed;
  }

  /** Begins a statement with all of them as {@code span}. */
  static void addSpans(Sql sql, List<PlacedRange> placed) {
    sql.add("WITH span AS MATERIALIZED (SELECT * FROM unnest(?::bigint[],");
    sql.add(
        "?::text[], ?::timestamptz[], ?::timestamptz[]) AS span (place, app_id, first, beyond))",
        SqlArrays.numbers(placed.stream().map(PlacedRange::place).toList()),
        SqlArrays.texts(placed.stream().map(each -> each.range().app()).toList()),
        SqlArrays.times(placed.stream().map(each -> each.range().from()).toList()),
        SqlArrays.times(placed.stream().map(each -> each.range().to()).toList()));
  }
}
