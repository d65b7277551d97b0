package io.billingsdk.server.performance;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads sums of costs of any times that end at quarters of an hour. */
final class Sums {
  // Both halves are scans of the index: a condition with OR would read all rows of the series.
  private static final String ROWS =
      """
      SELECT r.minutes, r.block, r.series_id, r.cells, %3$s, s.currency, s.state
      FROM (
        SELECT minutes, block, series_id, cells FROM analytics_sum
        WHERE dimension = '%1$s' AND minutes = 1440 AND block = ANY (?)
        UNION ALL
        SELECT minutes, block, series_id, cells FROM analytics_sum
        WHERE dimension = '%1$s' AND minutes = 15 AND block = ANY (?)
      ) AS r JOIN analytics_series AS s USING (series_id)%2$s
      """;

  private static final String OPERATIONS =
      ROWS.formatted(
          Series.OPERATION,
          "",
          "s.dimension, s.subject, s.service, s.operation, s.model, s.is_prompt");

  private Sums() {}

  /** By what costs are summed up. */
  enum By {
    USER(Series.USER, "s.subject", ""),
    SERVICE(Series.OPERATION, "s.service", ""),
    PROMPT(Series.OPERATION, "s.operation", " WHERE s.is_prompt"),
    BUCKET(Series.TOTAL, "''", "");

    private final String sql;
    private final String sqlOfNames;

    By(String dimension, String name, String filter) {
      this.sql = ROWS.formatted(dimension, filter, name + " AS name");
      String join = filter.isEmpty() ? " WHERE " : filter + " AND ";
      this.sqlOfNames = ROWS.formatted(dimension, join + name + " = ANY (?)", name + " AS name");
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

  /** The sums of some times. */
  static List<Sum> of(Handle handle, By by, Pieces pieces) {
    return sums(handle.createQuery(by.sql), pieces);
  }

  /** The sums of some times, of these names alone. */
  static List<Sum> of(Handle handle, By by, Pieces pieces, Collection<String> names) {
    return sums(handle.createQuery(by.sqlOfNames).bind(2, SqlArrays.texts(names)), pieces);
  }

  /** All figures of a time by operation and model. */
  static Map<Series, Figures> operations(Handle handle, Pieces pieces) {
    Map<Series, Figures> found = new HashMap<>();
    read(handle.createQuery(OPERATIONS), pieces, SeriesRows::read)
        .forEach(each -> found.put(each.series(), each.figures()));
    return found;
  }

  /** The name, the currency and the state of a series; the whole of it is far more to read. */
  private record Named(String name, String currency, String state) {
    static Named of(ResultRow row) {
      return new Named(row.text("name"), row.text("currency"), row.text("state"));
    }
  }

  private static List<Sum> sums(Query query, Pieces pieces) {
    List<Sum> sums = new ArrayList<>();
    for (BucketSum<Named> each : read(query, pieces, Named::of)) {
      Figures figures = each.figures();
      sums.add(
          new Sum(
              each.bucket(),
              each.series().name(),
              each.series().currency(),
              each.series().state(),
              figures.uses(),
              figures.amount(),
              figures.timed(),
              figures.durationMillis()));
    }
    return sums;
  }

  /** The figures of a series in a bucket of the answer. */
  private record BucketSum<T>(T series, int bucket, Figures figures) {}

  /** The sums of a series by bucket; null where it has none. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares it.
  private record Found<T>(T series, @Nullable RunningSum[] buckets) {}

  private static <T> List<BucketSum<T>> read(
      Query query, Pieces pieces, Function<ResultRow, T> series) {
    Map<Long, Found<T>> found = new HashMap<>();
    query
        .bind(0, SqlArrays.numbers(pieces.blocks(Pieces.DAYS)))
        .bind(1, SqlArrays.numbers(pieces.blocks(Pieces.QUARTERS)))
        .map(ResultRow.to(row -> add(found, row, pieces, series)))
        .forEach(any -> {});
    List<BucketSum<T>> sums = new ArrayList<>();
    for (Found<T> each : found.values()) {
      for (int bucket = 0; bucket < each.buckets().length; bucket++) {
        RunningSum sum = each.buckets()[bucket];
        if (sum != null) {
          sums.add(new BucketSum<>(each.series(), bucket, sum.figures()));
        }
      }
    }
    return sums;
  }

  private static <T> long add(
      Map<Long, Found<T>> found, ResultRow row, Pieces pieces, Function<ResultRow, T> series) {
    long id = row.number("series_id");
    Found<T> one = found.get(id);
    if (one == null) {
      one = new Found<>(series.apply(row), new RunningSum[pieces.size()]);
      found.put(id, one);
    }
    pieces.add(row.integer("minutes"), row.number("block"), row.bytes("cells"), one.buckets());
    return id;
  }
}
