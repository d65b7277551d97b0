package io.billingsdk.server.performance;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.performance.Pieces.SumCell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/**
 * Writes sums of costs into their table: a row for the quarters of a day of a series, and one for
 * the days of a month. Who calls it is the only writer of costs.
 */
final class SumRows {
  private static final String SELECTED =
      """
      SELECT r.dimension, r.minutes, r.block, r.series_id, r.cells
      FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
        AS k (dimension, minutes, block, series_id)
      JOIN analytics_sum AS r ON r.dimension = k.dimension AND r.minutes = k.minutes
        AND r.block = k.block AND r.series_id = k.series_id
      """;

  private static final String SAVE =
      """
      INSERT INTO analytics_sum (dimension, minutes, block, series_id, cells)
      SELECT * FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?)
      ON CONFLICT (dimension, minutes, block, series_id) DO UPDATE SET cells = excluded.cells
      """;

  private static final String REMOVE =
      """
      DELETE FROM analytics_sum AS r
      USING unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
        AS k (dimension, minutes, block, series_id)
      WHERE r.dimension = k.dimension AND r.minutes = k.minutes AND r.block = k.block
        AND r.series_id = k.series_id
      """;

  private SumRows() {}

  /** Whose figures, and their time. */
  record SumKey(Series series, SumCell cell) {}

  /** A row of the table. */
  record RowKey(String dimension, int minutes, long block, long seriesId) {}

  /** Adds to cells; a cell without an entry is gone. */
  static void add(Handle handle, Map<SumKey, Figures> differences) {
    if (differences.isEmpty()) {
      return;
    }
    Set<Series> series = new LinkedHashSet<>();
    differences.keySet().forEach(key -> series.add(key.series()));
    Map<Series, Long> ids = SeriesRows.ids(handle, series);
    Map<RowKey, Map<Integer, Figures>> byRow = new HashMap<>();
    differences.forEach(
        (key, figures) ->
            byRow
                .computeIfAbsent(rowOf(key, ids), none -> new HashMap<>())
                .put(key.cell().number(), figures));
    Map<RowKey, SortedMap<Integer, Figures>> rows = read(handle, byRow.keySet());
    byRow.forEach((row, cells) -> add(rows.computeIfAbsent(row, none -> new TreeMap<>()), cells));
    save(handle, rows);
  }

  private static RowKey rowOf(SumKey key, Map<Series, Long> ids) {
    Long id = ids.get(key.series());
    if (id == null) {
      throw new IllegalStateException("a series has no number: " + key.series());
    }
    return new RowKey(key.series().dimension(), key.cell().minutes(), key.cell().block(), id);
  }

  private static void add(SortedMap<Integer, Figures> row, Map<Integer, Figures> cells) {
    cells.forEach((number, figures) -> row.merge(number, figures, Figures::plus));
    row.values().removeIf(each -> each.entries() <= 0);
  }

  private static Map<RowKey, SortedMap<Integer, Figures>> read(
      Handle handle, Collection<RowKey> keys) {
    Map<RowKey, SortedMap<Integer, Figures>> rows = new HashMap<>();
    var query = handle.createQuery(SELECTED);
    List<Argument> arguments = arguments(keys);
    for (int i = 0; i < arguments.size(); i++) {
      query.bind(i, arguments.get(i));
    }
    query
        .map(ResultRow.to(row -> Map.entry(key(row), PackedCells.read(row.bytes("cells")))))
        .forEach(each -> rows.put(each.getKey(), each.getValue()));
    return rows;
  }

  private static RowKey key(ResultRow row) {
    return new RowKey(
        row.text("dimension"),
        row.integer("minutes"),
        row.number("block"),
        row.number("series_id"));
  }

  /** These rows from now on; one without a cell is gone. */
  static void save(Handle handle, Map<RowKey, SortedMap<Integer, Figures>> rows) {
    List<RowKey> kept = new ArrayList<>();
    List<byte[]> cells = new ArrayList<>();
    List<RowKey> gone = new ArrayList<>();
    rows.forEach(
        (key, row) -> {
          if (row.isEmpty()) {
            gone.add(key);
          } else {
            kept.add(key);
            cells.add(PackedCells.write(row));
          }
        });
    List<Argument> arguments = new ArrayList<>(arguments(kept));
    arguments.add(SqlArrays.bytes(cells));
    change(handle, SAVE, kept, arguments);
    change(handle, REMOVE, gone, arguments(gone));
  }

  private static void change(
      Handle handle, String sql, List<RowKey> keys, List<Argument> arguments) {
    if (!keys.isEmpty()) {
      var update = handle.createUpdate(sql);
      for (int i = 0; i < arguments.size(); i++) {
        update.bind(i, arguments.get(i));
      }
      update.execute();
    }
  }

  private static List<Argument> arguments(Collection<RowKey> keys) {
    return List.of(
        SqlArrays.texts(keys.stream().map(RowKey::dimension).toList()),
        numbers(keys, key -> (long) key.minutes()),
        numbers(keys, RowKey::block),
        numbers(keys, RowKey::seriesId));
  }

  private static Argument numbers(Collection<RowKey> keys, Function<RowKey, Long> number) {
    return SqlArrays.numbers(keys.stream().map(number).toList());
  }
}
