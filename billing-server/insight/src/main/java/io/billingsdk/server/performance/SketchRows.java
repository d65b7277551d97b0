package io.billingsdk.server.performance;

import io.billingsdk.costs.DurationSketch;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.performance.Step.Cell;
import java.nio.ByteBuffer;
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
import java.util.concurrent.atomic.AtomicBoolean;
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
      INSERT INTO performance_sketch (hour, task_type, step_name, part, sketch, durations)
      VALUES (:hour, :task, :step, nextval('performance_sketch_part'), :sketch, :durations)
      """;

  private static final String SAVE =
      """
      INSERT INTO performance_sketch (hour, task_type, step_name, part, sketch, durations)
      VALUES (:hour, :task, :step, :part, :sketch, :durations)
      ON CONFLICT (hour, task_type, step_name, part)
      DO UPDATE SET sketch = excluded.sketch, durations = excluded.durations
      """;

  private static final String NOTE_STALE =
      """
      INSERT INTO performance_stale (hour, task_type, step_name, part)
      VALUES (:hour, :task, :step, nextval('performance_sketch_part'))
      """;

  private static final String WAITING =
      """
      SELECT hour, task_type, step_name, part, sketch, durations FROM performance_sketch
      WHERE part > 0
      ORDER BY part LIMIT 2000
      """;

  private static final String OF_CELL =
      """
      SELECT hour, task_type, step_name, part, sketch, durations FROM performance_sketch
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

  // Sketches of a step follow each other, each behind its length: rows take longer than bytes.
  private static final String WITHIN =
      """
      SELECT step_name, string_agg(int4send(length(sketch)) || sketch, '') AS sketches
      FROM (
        SELECT hour, task_type, step_name, sketch FROM performance_sketch
        WHERE hour = ANY(:days) AND part = -1
        UNION ALL
        SELECT hour, task_type, step_name, sketch FROM performance_sketch AS s
        WHERE hour = ANY(:hours) AND part = 0
          AND NOT EXISTS (SELECT FROM performance_stale AS t WHERE t.hour = s.hour
            AND t.task_type = s.task_type AND t.step_name = s.step_name)
        UNION ALL
        SELECT hour, task_type, step_name, sketch FROM performance_sketch AS s
        WHERE hour >= :from AND hour < :to AND part > 0
          AND NOT EXISTS (SELECT FROM performance_stale AS t WHERE t.hour = s.hour
            AND t.task_type = s.task_type AND t.step_name = s.step_name)
      ) AS parts
      WHERE :task::text IS NULL OR task_type = :task
      GROUP BY step_name
      """;

  private static final String DURATIONS =
      """
      SELECT step_name, string_agg(durations, '') AS durations,
        bool_or(durations IS NULL) AS is_cut
      FROM performance_sketch AS s
      WHERE hour >= :from AND hour < :to AND part >= 0
        AND (:task::text IS NULL OR task_type = :task)
        AND NOT EXISTS (SELECT FROM performance_stale AS t WHERE t.hour = s.hour
          AND t.task_type = s.task_type AND t.step_name = s.step_name)
      GROUP BY step_name
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
  record Part(Cell cell, long part, Measured measured) {}

  /** That a sketch has to be made again. */
  record Stale(Cell cell, long part) {}

  static void addParts(Handle handle, SortedMap<Cell, Measured> parts) {
    if (parts.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(ADD_PART);
    parts.forEach((cell, part) -> measured(named(batch, cell), part).add());
    batch.execute();
  }

  /** The sketches of these cells from now on. */
  static void save(Handle handle, Map<Cell, Measured> sketches) {
    save(handle, sketches, 0);
  }

  private static void save(Handle handle, Map<Cell, Measured> sketches, long part) {
    if (sketches.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(SAVE);
    sketches.forEach(
        (cell, sketch) -> measured(named(batch, cell).bind("part", part), sketch).add());
    batch.execute();
  }

  /** The day of a cell, as one. */
  static Cell dayOf(Cell cell) {
    return new Cell(cell.hour().truncatedTo(ChronoUnit.DAYS), cell.taskType(), cell.stepName());
  }

  private static PreparedBatch measured(PreparedBatch batch, Measured measured) {
    return batch
        .bind("sketch", measured.sketch().toBytes())
        .bind("durations", measured.durations().map(Durations::toBytes).orElse(null));
  }

  /** Adds parts to the sketches of their days. */
  static void addToDays(Handle handle, Collection<Part> parts) {
    SortedMap<Cell, List<Measured>> byDay = new TreeMap<>();
    for (Part each : parts) {
      byDay.computeIfAbsent(dayOf(each.cell()), day -> new ArrayList<>()).add(each.measured());
    }
    byDay.forEach((day, sketches) -> sketches.addAll(sketches(handle, DAY, day)));
    SortedMap<Cell, Measured> sums = new TreeMap<>();
    byDay.forEach((day, sketches) -> sums.put(day, Measured.sketchSum(sketches)));
    save(handle, sums, DAY_PART);
  }

  /** Makes the sketch of a day of those of its hours. */
  static void makeDay(Handle handle, Cell day) {
    List<Measured> hours = sketches(handle, OF_DAY, day);
    if (hours.isEmpty()) {
      removeAll(handle, REMOVE, List.of(new Stale(day, DAY_PART)));
    } else {
      save(handle, Map.of(day, Measured.sketchSum(hours)), DAY_PART);
    }
  }

  private static List<Measured> sketches(Handle handle, String sql, Cell day) {
    return handle
        .createQuery(sql)
        .bind("hour", day.hour())
        .bind("task", day.taskType())
        .bind("step", day.stepName())
        .map(
            ResultRow.to(
                row -> new Measured(DurationSketch.read(row.bytes("sketch")), Optional.empty())))
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
   * The sketches of whole hours by step; of one type of task, if it is given. A whole day is one of
   * them, unless an hour of it is to be made again; cells that are to be made again are left out.
   */
  static Map<String, DurationSketch.Builder> within(
      Handle handle, Range range, @Nullable String task, Collection<Cell> stale) {
    Set<Instant> staleDays =
        stale.stream().map(each -> dayOf(each).hour()).collect(Collectors.toSet());
    List<Instant> days = new ArrayList<>();
    List<Instant> hours = new ArrayList<>();
    Instant at = range.from();
    while (at.isBefore(range.to())) {
      Instant next = at.plus(1, ChronoUnit.DAYS);
      boolean isDay = at.equals(at.truncatedTo(ChronoUnit.DAYS)) && !next.isAfter(range.to());
      if (isDay && !staleDays.contains(at)) {
        days.add(at);
        at = next;
      } else {
        hours.add(at);
        at = at.plus(1, ChronoUnit.HOURS);
      }
    }
    Map<String, DurationSketch.Builder> found = new TreeMap<>();
    handle
        .createQuery(WITHIN)
        .bind("days", SqlArrays.times(days))
        .bind("hours", SqlArrays.times(hours))
        .bind("from", range.from())
        .bind("to", range.to())
        .bind("task", task)
        .map(ResultRow.to(row -> Map.entry(row.text("step_name"), row.bytes("sketches"))))
        .forEach(each -> found.put(each.getKey(), sum(each.getValue())));
    return found;
  }

  /** Of sketches that follow each other, each behind its length. */
  private static DurationSketch.Builder sum(byte[] sketches) {
    DurationSketch.Builder builder = new DurationSketch.Builder();
    ByteBuffer in = ByteBuffer.wrap(sketches);
    while (in.hasRemaining()) {
      byte[] sketch = new byte[in.getInt()];
      in.get(sketch);
      builder.add(DurationSketch.read(sketch));
    }
    return builder;
  }

  /** Each duration of whole hours by step, without those to be made again; empty if some is cut. */
  static Optional<Map<String, Durations.Values>> durationsWithin(
      Handle handle, Range range, @Nullable String task) {
    Map<String, Durations.Values> found = new TreeMap<>();
    AtomicBoolean isCut = new AtomicBoolean();
    handle
        .createQuery(DURATIONS)
        .bind("from", range.from())
        .bind("to", range.to())
        .bind("task", task)
        .map(
            ResultRow.to(
                row -> {
                  if (row.flag("is_cut")) {
                    isCut.set(true);
                    return false;
                  }
                  Durations.Values values = new Durations.Values();
                  Durations.read(row.bytes("durations"), values::add);
                  return found.put(row.text("step_name"), values) == null;
                }))
        .list();
    return isCut.get() ? Optional.empty() : Optional.of(found);
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
  static SortedMap<Cell, Measured> sum(Collection<Part> parts) {
    SortedMap<Cell, List<Measured>> byCell = new TreeMap<>();
    for (Part each : parts) {
      byCell.computeIfAbsent(each.cell(), cell -> new ArrayList<>()).add(each.measured());
    }
    SortedMap<Cell, Measured> sums = new TreeMap<>();
    byCell.forEach((cell, measured) -> sums.put(cell, Measured.sum(measured)));
    return sums;
  }

  private static PreparedBatch named(PreparedBatch batch, Cell cell) {
    return batch
        .bind("hour", cell.hour())
        .bind("task", cell.taskType())
        .bind("step", cell.stepName());
  }

  private static Part part(ResultRow row) {
    return new Part(
        cell(row),
        row.number("part"),
        new Measured(
            DurationSketch.read(row.bytes("sketch")),
            Durations.stored(row.bytesOrNull("durations"))));
  }

  private static Stale staleCell(ResultRow row) {
    return new Stale(cell(row), row.number("part"));
  }

  private static Cell cell(ResultRow row) {
    return new Cell(row.time("hour"), row.text("task_type"), row.text("step_name"));
  }
}
