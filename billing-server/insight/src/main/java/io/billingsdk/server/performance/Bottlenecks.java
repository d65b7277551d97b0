package io.billingsdk.server.performance;

import io.billingsdk.costs.DurationSketch;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.performance.SketchRows.Part;
import io.billingsdk.server.performance.Step.Cell;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where time goes, by step. Below {@value #EXACT} steps the percentiles are exact; beyond, they
 * come from sketches of whole hours and the steps around them, within 1 %. Counts, averages and
 * greatest durations are always exact. All of an answer is of one moment. Thread-safe.
 */
final class Bottlenecks {
  /** From so many steps on, percentiles come from sketches. */
  static final long EXACT = 200_000;

  private static final BigDecimal PERCENT = new BigDecimal("95");
  private static final BigDecimal SHARE = new BigDecimal("0.95");
  private static final int DECIMALS = 3;

  private static final String ONE_MOMENT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

  private static final String EXACTLY =
      """
      SELECT step_name, steps, total, most, durations[below + 1] AS low,
        durations[least(below + 2, steps)] AS high
      FROM (SELECT step_name, count(*) AS steps, sum(duration_ms) AS total,
          max(duration_ms) AS most, floor(0.95 * (count(*) - 1))::integer AS below,
          array_agg(duration_ms ORDER BY duration_ms) AS durations
        FROM performance_step
        WHERE at >= :from AND at < :to AND status <> 'started' AND NOT is_whole
          AND (:task::text IS NULL OR task_type = :task)
        GROUP BY step_name) AS grouped
      """;

  private static final String DURATIONS =
      """
      SELECT step_name, duration_ms FROM performance_step
      WHERE at >= :from AND at < :to AND status <> 'started' AND NOT is_whole
        AND (:task::text IS NULL OR task_type = :task)
      """;

  private static final Comparator<Bottleneck> ORDER =
      Comparator.comparing(Bottleneck::average).reversed().thenComparing(Bottleneck::step);

  private final Database database;
  private final long exact;

  Bottlenecks(Database database) {
    this(database, EXACT);
  }

  /** With another bound of what is exact. */
  Bottlenecks(Database database, long exact) {
    this.database = database;
    this.exact = exact;
  }

  /** A step, its durations in milliseconds. */
  record Bottleneck(String step, BigDecimal average, BigDecimal p95, long most, long count) {}

  /** The steps of a time, the longest average first; of one type of task, if it is given. */
  List<Bottleneck> of(Range range, @Nullable String task) {
    return database.inTransaction(
        handle -> {
          handle.execute(ONE_MOMENT);
          List<Bottleneck> sketched = sketched(handle, range, task);
          long steps = sketched.stream().mapToLong(Bottleneck::count).sum();
          List<Bottleneck> found = steps < exact ? exactly(handle, range, task) : sketched;
          return found.stream().sorted(ORDER).toList();
        });
  }

  private static List<Bottleneck> exactly(Handle handle, Range range, @Nullable String task) {
    return handle
        .createQuery(EXACTLY)
        .bind("from", range.from())
        .bind("to", range.to())
        .bind("task", task)
        .map(ResultRow.to(Bottlenecks::exactly))
        .list();
  }

  private static Bottleneck exactly(ResultRow row) {
    long count = row.number("steps");
    BigDecimal rank = SHARE.multiply(BigDecimal.valueOf(count - 1));
    BigDecimal part = rank.subtract(new BigDecimal(rank.toBigInteger()));
    BigDecimal low = BigDecimal.valueOf(row.number("low"));
    BigDecimal high = BigDecimal.valueOf(row.number("high"));
    return new Bottleneck(
        row.text("step_name"),
        row.decimal("total").divide(BigDecimal.valueOf(count), DECIMALS, RoundingMode.HALF_UP),
        low.add(high.subtract(low).multiply(part)),
        row.number("most"),
        count);
  }

  private static List<Bottleneck> sketched(Handle handle, Range range, @Nullable String task) {
    Instant first = range.from().minusNanos(1).truncatedTo(ChronoUnit.HOURS).plusSeconds(3_600);
    Instant last = range.to().truncatedTo(ChronoUnit.HOURS);
    Map<String, DurationSketch.Builder> steps = new TreeMap<>();
    if (!first.isBefore(last)) {
      addDurations(handle, range, task, steps);
      return bottlenecks(steps);
    }
    Set<Cell> stale = new HashSet<>(SketchRows.staleWithin(handle, first, last));
    for (Part each : SketchRows.within(handle, first, last, task, stale)) {
      if (!stale.contains(each.cell())) {
        builder(steps, each.cell().stepName()).add(each.sketch());
      }
    }
    for (Cell each : stale) {
      if (task == null || task.equals(each.taskType())) {
        StepRows.durations(handle, each).forEach(builder(steps, each.stepName())::add);
      }
    }
    addDurations(handle, new Range(range.from(), first), task, steps);
    addDurations(handle, new Range(last, range.to()), task, steps);
    return bottlenecks(steps);
  }

  private static DurationSketch.Builder builder(
      Map<String, DurationSketch.Builder> steps, String step) {
    return steps.computeIfAbsent(step, any -> new DurationSketch.Builder());
  }

  private static void addDurations(
      Handle handle,
      Range range,
      @Nullable String task,
      Map<String, DurationSketch.Builder> steps) {
    handle
        .createQuery(DURATIONS)
        .bind("from", range.from())
        .bind("to", range.to())
        .bind("task", task)
        .map(ResultRow.to(row -> Map.entry(row.text("step_name"), row.number("duration_ms"))))
        .forEach(each -> builder(steps, each.getKey()).add(each.getValue()));
  }

  private static List<Bottleneck> bottlenecks(Map<String, DurationSketch.Builder> steps) {
    List<Bottleneck> found = new ArrayList<>();
    steps.forEach(
        (step, builder) -> {
          DurationSketch sketch = builder.build();
          sketch
              .percentile(PERCENT)
              .ifPresent(
                  p95 ->
                      found.add(
                          new Bottleneck(
                              step,
                              sketch.average(DECIMALS).orElse(BigDecimal.ZERO),
                              p95,
                              sketch.most(),
                              sketch.count())));
        });
    return found;
  }
}
