package io.billingsdk.server.performance;

import io.billingsdk.costs.DurationSketch;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.performance.Step.Cell;
import java.math.BigDecimal;
import java.math.RoundingMode;
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

  /** From the durations that are kept by the hour; from the table where they are too many. */
  private static List<Bottleneck> exactly(Handle handle, Range range, @Nullable String task) {
    Range hours = hours(range);
    if (hours.from().isBefore(hours.to())) {
      Map<String, Durations.Values> steps =
          SketchRows.durationsWithin(handle, hours, task).orElse(null);
      if (steps != null) {
        Set<Cell> stale = new HashSet<>(SketchRows.staleWithin(handle, hours.from(), hours.to()));
        addRest(
            handle,
            range,
            task,
            stale,
            (step, value) ->
                steps.computeIfAbsent(step, name -> new Durations.Values()).add(value));
        return steps.entrySet().stream()
            .map(each -> exactly(each.getKey(), each.getValue().toArray()))
            .toList();
      }
    }
    return fromSteps(handle, range, task);
  }

  private static Bottleneck exactly(String step, long[] durations) {
    ExactSum total = new ExactSum();
    long most = 0;
    for (long each : durations) {
      total.add(each, 0);
      most = Math.max(most, each);
    }
    int below = SHARE.multiply(BigDecimal.valueOf(durations.length - 1L)).intValue();
    long low = Ranks.select(durations, below);
    long high = Ranks.leastFrom(durations, below + 1, low);
    return exactly(step, total.value(), durations.length, low, high, most);
  }

  private static List<Bottleneck> fromSteps(Handle handle, Range range, @Nullable String task) {
    return handle
        .createQuery(EXACTLY)
        .bind("from", range.from())
        .bind("to", range.to())
        .bind("task", task)
        .map(
            ResultRow.to(
                row ->
                    exactly(
                        row.text("step_name"),
                        row.decimal("total"),
                        row.number("steps"),
                        row.number("low"),
                        row.number("high"),
                        row.number("most"))))
        .list();
  }

  private static Bottleneck exactly(
      String step, BigDecimal total, long count, long low, long high, long most) {
    BigDecimal rank = SHARE.multiply(BigDecimal.valueOf(count - 1));
    BigDecimal part = rank.subtract(new BigDecimal(rank.toBigInteger()));
    return new Bottleneck(
        step,
        total.divide(BigDecimal.valueOf(count), DECIMALS, RoundingMode.HALF_UP),
        BigDecimal.valueOf(low).add(BigDecimal.valueOf(high - low).multiply(part)),
        most,
        count);
  }

  private static List<Bottleneck> sketched(Handle handle, Range range, @Nullable String task) {
    Range hours = hours(range);
    Map<String, DurationSketch.Builder> steps = new TreeMap<>();
    if (!hours.from().isBefore(hours.to())) {
      addDurations(handle, range, task, (step, value) -> builder(steps, step).add(value));
      return bottlenecks(steps);
    }
    Set<Cell> stale = new HashSet<>(SketchRows.staleWithin(handle, hours.from(), hours.to()));
    steps.putAll(SketchRows.within(handle, hours, task, stale));
    addRest(handle, range, task, stale, (step, value) -> builder(steps, step).add(value));
    return bottlenecks(steps);
  }

  /** The whole hours within. */
  private static Range hours(Range range) {
    return new Range(
        range.from().minusNanos(1).truncatedTo(ChronoUnit.HOURS).plusSeconds(3_600),
        range.to().truncatedTo(ChronoUnit.HOURS));
  }

  private interface Adder {
    void add(String step, long value);
  }

  /** Of cells that are to be made again, and of the parts of hours at both ends. */
  private static void addRest(
      Handle handle, Range range, @Nullable String task, Set<Cell> stale, Adder adder) {
    for (Cell each : stale) {
      if (task == null || task.equals(each.taskType())) {
        StepRows.durations(handle, each).forEach(value -> adder.add(each.stepName(), value));
      }
    }
    Range hours = hours(range);
    addDurations(handle, new Range(range.from(), hours.from()), task, adder);
    addDurations(handle, new Range(hours.to(), range.to()), task, adder);
  }

  private static DurationSketch.Builder builder(
      Map<String, DurationSketch.Builder> steps, String step) {
    return steps.computeIfAbsent(step, any -> new DurationSketch.Builder());
  }

  private static void addDurations(Handle handle, Range range, @Nullable String task, Adder adder) {
    if (!range.from().isBefore(range.to())) {
      return;
    }
    handle
        .createQuery(DURATIONS)
        .bind("from", range.from())
        .bind("to", range.to())
        .bind("task", task)
        .map(ResultRow.to(row -> Map.entry(row.text("step_name"), row.number("duration_ms"))))
        .forEach(each -> adder.add(each.getKey(), each.getValue()));
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
