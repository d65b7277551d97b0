package io.billingsdk.server.performance;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads sums of costs of any times that end at quarters of an hour. */
final class Sums {
  // Both halves are scans of the index: a condition with OR would read all rows of the series.
  private static final String ROWS =
      """
      SELECT r.minutes, r.block, r.series_id, r.cells, s.dimension, s.subject, s.service,
        s.operation, s.model, s.is_prompt, s.currency, s.state
      FROM (
        SELECT minutes, block, series_id, cells FROM analytics_sum
        WHERE dimension = '%1$s' AND minutes = 1440 AND block = ANY (?)
        UNION ALL
        SELECT minutes, block, series_id, cells FROM analytics_sum
        WHERE dimension = '%1$s' AND minutes = 15 AND block = ANY (?)
      ) AS r JOIN analytics_series AS s USING (series_id)%2$s
      """;

  private Sums() {}

  /** By what costs are summed up. */
  enum By {
    USER(Series.USER, Series::subject, "subject", ""),
    SERVICE(Series.OPERATION, Series::service, "service", ""),
    PROMPT(Series.OPERATION, Series::operation, "operation", " WHERE s.is_prompt"),
    BUCKET(Series.TOTAL, each -> "", "subject", "");

    private final Function<Series, String> name;
    private final String sql;
    private final String sqlOfNames;

    By(String dimension, Function<Series, String> name, String column, String filter) {
      this.name = name;
      this.sql = ROWS.formatted(dimension, filter);
      String join = filter.isEmpty() ? " WHERE " : filter + " AND ";
      this.sqlOfNames = ROWS.formatted(dimension, join + "s." + column + " = ANY (?)");
    }
  }

  /** A sum of an answer. */
  record Sum(
      int bucket,
      String name,
      String currency,
      String state,
      long uses,
      BigDecimal amount,
      long timed,
      BigDecimal durationMillis) {}

  /** The figures of a series in a bucket of the answer. */
  record SeriesSum(Series series, int bucket, Figures figures) {}

  /** The sums of some times. */
  static List<Sum> of(Handle handle, By by, Pieces pieces) {
    return sums(by, read(handle.createQuery(by.sql), pieces));
  }

  /** The sums of some times, of these names alone. */
  static List<Sum> of(Handle handle, By by, Pieces pieces, Collection<String> names) {
    Query query = handle.createQuery(by.sqlOfNames).bind(2, SqlArrays.texts(names));
    return sums(by, read(query, pieces));
  }

  /** All figures by operation and model. */
  static List<SeriesSum> operations(Handle handle, Pieces pieces) {
    return read(handle.createQuery(By.SERVICE.sql), pieces);
  }

  private static List<Sum> sums(By by, List<SeriesSum> all) {
    List<Sum> sums = new ArrayList<>();
    for (SeriesSum each : all) {
      Figures figures = each.figures();
      sums.add(
          new Sum(
              each.bucket(),
              by.name.apply(each.series()),
              each.series().currency(),
              each.series().state(),
              figures.uses(),
              figures.amount(),
              figures.timed(),
              figures.durationMillis()));
    }
    return sums;
  }

  /** The sums of a series by bucket; null where it has none. */
  private record Found(Series series, @Nullable RunningSum[] buckets) {}

  private static List<SeriesSum> read(Query query, Pieces pieces) {
    Map<Long, Found> found = new TreeMap<>();
    query
        .bind(0, SqlArrays.numbers(pieces.blocks(Pieces.DAYS)))
        .bind(1, SqlArrays.numbers(pieces.blocks(Pieces.QUARTERS)))
        .map(ResultRow.to(row -> add(found, row, pieces)))
        .forEach(any -> {});
    List<SeriesSum> sums = new ArrayList<>();
    for (Found each : found.values()) {
      for (int bucket = 0; bucket < each.buckets().length; bucket++) {
        RunningSum sum = each.buckets()[bucket];
        if (sum != null) {
          sums.add(new SeriesSum(each.series(), bucket, sum.figures()));
        }
      }
    }
    return sums;
  }

  private static long add(Map<Long, Found> found, ResultRow row, Pieces pieces) {
    long id = row.number("series_id");
    Found one = found.get(id);
    if (one == null) {
      one = new Found(SeriesRows.read(row), new RunningSum[pieces.size()]);
      found.put(id, one);
    }
    pieces.add(row.integer("minutes"), row.number("block"), row.bytes("cells"), one.buckets());
    return id;
  }
}
