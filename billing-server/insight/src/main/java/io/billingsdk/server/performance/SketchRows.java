package io.billingsdk.server.performance;

import io.billingsdk.costs.DurationSketch;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.performance.Step.Cell;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Sketches in their table: one of each cell, parts that wait to be added to it, and one of each day
 * of UTC, which is that of its hours.
 */
final class SketchRows {
  private static final String ADD_PART =
      """
      INSERT INTO performance_sketch (hour, task_type, step_name, part, sketch)
      VALUES (:hour, :task, :step, nextval('performance_sketch_part'), :sketch)
      """;

  private static final String SAVE =
      """
      INSERT INTO performance_sketch (hour, task_type, step_name, part, sketch)
      VALUES (:hour, :task, :step, :part, :sketch)
      ON CONFLICT (hour, task_type, step_name, part) DO UPDATE SET sketch = excluded.sketch
      """;

  private static final String NOTE_STALE =
      """
      INSERT INTO performance_stale (hour, task_type, step_name, part)
      VALUES (:hour, :task, :step, nextval('performance_sketch_part'))
      """;

  private static final String WAITING =
      """
      SELECT hour, task_type, step_name, part, sketch FROM performance_sketch WHERE part > 0
      ORDER BY part LIMIT 2000
      """;

  private static final String OF_CELL =
      """
      SELECT hour, task_type, step_name, part, sketch FROM performance_sketch
      WHERE hour = :hour AND task_type = :task AND step_name = :step AND part >= 0
      """;

  private static final String OF_DAY =
      """
      SELECT sketch FROM performance_sketch
      WHERE hour >= :hour AND hour < :hour + interval '24 hours' AND task_type = :task
        AND step_name = :step AND part = 0
      """;

  private static final String DAY =
      """
      SELECT sketch FROM performance_sketch
      WHERE hour = :hour AND task_type = :task AND step_name = :step AND part = -1
      """;

  private static final String STALE =
      "SELECT hour, task_type, step_name, part FROM performance_stale ORDER BY part LIMIT 100";

  private static final String STALE_WITHIN =
      """
      SELECT DISTINCT hour, task_type, step_name, 0 AS part FROM performance_stale
      WHERE hour >= :from AND hour < :to
      """;

  private static final String WITHIN =
      """
      SELECT hour, task_type, step_name, part, sketch FROM performance_sketch
      WHERE hour = ANY(:days) AND part = -1 AND (:task::text IS NULL OR task_type = :task)
      UNION ALL
      SELECT hour, task_type, step_name, part, sketch FROM performance_sketch
      WHERE hour = ANY(:hours) AND part = 0 AND (:task::text IS NULL OR task_type = :task)
      UNION ALL
      SELECT hour, task_type, step_name, part, sketch FROM performance_sketch
      WHERE hour >= :from AND hour < :to AND part > 0
        AND (:task::text IS NULL OR task_type = :task)
      """;

  private static final String REMOVE =
      """
      DELETE FROM performance_sketch
      WHERE hour = :hour AND task_type = :task AND step_name = :step AND part = :part
      """;

  private static final String REMOVE_STALE =
      """
      DELETE FROM performance_stale
      WHERE hour = :hour AND task_type = :task AND step_name = :step AND part = :part
      """;

  /** The part that is the sketch of a day, at its first hour. */
  private static final long DAY_PART = -1;

  private SketchRows() {}

  /** A part of the sketch of a cell; 0 is the sketch itself. */
  record Part(Cell cell, long part, DurationSketch sketch) {}

  /** That a sketch has to be made again. */
  record Stale(Cell cell, long part) {}

  static void addParts(Handle handle, SortedMap<Cell, DurationSketch> sketches) {
    if (sketches.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(ADD_PART);
    sketches.forEach((cell, sketch) -> named(batch, cell).bind("sketch", sketch.toBytes()).add());
    batch.execute();
  }

  /** The sketches of these cells from now on. */
  static void save(Handle handle, Map<Cell, DurationSketch> sketches) {
    save(handle, sketches, 0);
  }

  private static void save(Handle handle, Map<Cell, DurationSketch> sketches, long part) {
    if (sketches.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(SAVE);
    sketches.forEach(
        (cell, sketch) ->
            named(batch, cell).bind("part", part).bind("sketch", sketch.toBytes()).add());
    batch.execute();
  }

  /** The day of a cell, as one. */
  static Cell dayOf(Cell cell) {
    return new Cell(
        cell.hour().truncatedTo(ChronoUnit.DAYS), cell.taskType(), cell.stepName());
  }

  /** Adds parts to the sketches of their days. */
  static void addToDays(Handle handle, Collection<Part> parts) {
    SortedMap<Cell, List<DurationSketch>> byDay = new TreeMap<>();
    for (Part each : parts) {
      byDay.computeIfAbsent(dayOf(each.cell()), day -> new ArrayList<>()).add(each.sketch());
    }
    byDay.forEach((day, sketches) -> sketches.addAll(sketches(handle, DAY, day)));
    SortedMap<Cell, DurationSketch> sums = new TreeMap<>();
    byDay.forEach((day, sketches) -> sums.put(day, sum(sketches)));
    save(handle, sums, DAY_PART);
  }

  /** Makes the sketch of a day of those of its hours. */
  static void makeDay(Handle handle, Cell day) {
    List<DurationSketch> hours = sketches(handle, OF_DAY, day);
    if (hours.isEmpty()) {
      removeAll(handle, REMOVE, List.of(new Stale(day, DAY_PART)));
    } else {
      save(handle, Map.of(day, sum(hours)), DAY_PART);
    }
  }

  private static List<DurationSketch> sketches(Handle handle, String sql, Cell day) {
    return handle
        .createQuery(sql)
        .bind("hour", day.hour())
        .bind("task", day.taskType())
        .bind("step", day.stepName())
        .map(ResultRow.to(row -> DurationSketch.read(row.bytes("sketch"))))
        .list();
  }

  static void noteStale(Handle handle, Cell cell) {
    PreparedBatch batch = handle.prepareBatch(NOTE_STALE);
    named(batch, cell).add();
    batch.execute();
  }

  /** Some of the parts that wait, the oldest first. */
  static List<Part> waiting(Handle handle) {
    return handle.createQuery(WAITING).map(ResultRow.to(SketchRows::part)).list();
  }

  /** The sketch of a cell and the parts that wait. */
  static List<Part> ofCell(Handle handle, Cell cell) {
    return handle
        .createQuery(OF_CELL)
        .bind("hour", cell.hour())
        .bind("task", cell.taskType())
        .bind("step", cell.stepName())
        .map(ResultRow.to(SketchRows::part))
        .list();
  }

  /** Some of the cells to be made again, the oldest first. */
  static List<Stale> stale(Handle handle) {
    return handle.createQuery(STALE).map(ResultRow.to(SketchRows::staleCell)).list();
  }

  /** The cells of a time whose sketch is to be made again. */
  static List<Cell> staleWithin(Handle handle, Instant from, Instant to) {
    return handle
        .createQuery(STALE_WITHIN)
        .bind("from", from)
        .bind("to", to)
        .map(ResultRow.to(SketchRows::cell))
        .list();
  }

  /**
   * All parts of whole hours; of one type of task, if it is given. A whole day is one part, unless
   * an hour of it is to be made again.
   */
  static List<Part> within(
      Handle handle, Instant from, Instant to, @Nullable String task, Collection<Cell> stale) {
    Set<Instant> staleDays =
        stale.stream().map(each -> dayOf(each).hour()).collect(Collectors.toSet());
    List<Instant> days = new ArrayList<>();
    List<Instant> hours = new ArrayList<>();
    Instant at = from;
    while (at.isBefore(to)) {
      Instant next = at.plus(1, ChronoUnit.DAYS);
      boolean isDay = at.equals(at.truncatedTo(ChronoUnit.DAYS)) && !next.isAfter(to);
      if (isDay && !staleDays.contains(at)) {
        days.add(at);
        at = next;
      } else {
        hours.add(at);
        at = at.plus(1, ChronoUnit.HOURS);
      }
    }
    return handle
        .createQuery(WITHIN)
        .bind("days", SqlArrays.times(days))
        .bind("hours", SqlArrays.times(hours))
        .bind("from", from)
        .bind("to", to)
        .bind("task", task)
        .map(ResultRow.to(SketchRows::part))
        .list();
  }

  static void remove(Handle handle, Collection<Part> parts) {
    removeAll(
        handle, REMOVE, parts.stream().map(each -> new Stale(each.cell(), each.part())).toList());
  }

  static void removeStale(Handle handle, Collection<Stale> noted) {
    removeAll(handle, REMOVE_STALE, noted);
  }

  private static void removeAll(Handle handle, String sql, Collection<Stale> rows) {
    if (rows.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(sql);
    rows.forEach(each -> named(batch, each.cell()).bind("part", each.part()).add());
    batch.execute();
  }

  /** The sum of parts by cell. */
  static SortedMap<Cell, DurationSketch> sum(Collection<Part> parts) {
    SortedMap<Cell, List<DurationSketch>> byCell = new TreeMap<>();
    for (Part each : parts) {
      byCell.computeIfAbsent(each.cell(), cell -> new ArrayList<>()).add(each.sketch());
    }
    SortedMap<Cell, DurationSketch> sums = new TreeMap<>();
    byCell.forEach((cell, sketches) -> sums.put(cell, sum(sketches)));
    return sums;
  }

  /** The sketch of all values. */
  static DurationSketch sum(List<DurationSketch> sketches) {
    DurationSketch.Builder builder = new DurationSketch.Builder();
    sketches.forEach(builder::add);
    return builder.build();
  }

  /** The sketch of some values; empty for none, which no cell has. */
  static Optional<DurationSketch> of(List<Long> durations) {
    DurationSketch.Builder builder = new DurationSketch.Builder();
    durations.forEach(builder::add);
    return durations.isEmpty() ? Optional.empty() : Optional.of(builder.build());
  }

  private static PreparedBatch named(PreparedBatch batch, Cell cell) {
    return batch
        .bind("hour", cell.hour())
        .bind("task", cell.taskType())
        .bind("step", cell.stepName());
  }

  private static Part part(ResultRow row) {
    return new Part(cell(row), row.number("part"), DurationSketch.read(row.bytes("sketch")));
  }

  private static Stale staleCell(ResultRow row) {
    return new Stale(cell(row), row.number("part"));
  }

  private static Cell cell(ResultRow row) {
    return new Cell(row.time("hour"), row.text("task_type"), row.text("step_name"));
  }
}
