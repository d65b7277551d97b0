package io.billingsdk.server.performance;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Executions by the times of their first steps, of one moment. Thread-safe. */
final class ExecutionList {
  private static final String ONE_MOMENT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

  private static final String LIST =
      """
      SELECT execution, min(at) AS started, min(subject) AS subject, min(task_type) AS task_type
      FROM performance_step
      WHERE at >= :from AND at < :to AND execution IS NOT NULL
        AND (:task::text IS NULL OR task_type = :task)
      GROUP BY execution HAVING (min(at), execution) > (:at::timestamptz, :after::text)
      ORDER BY started, execution LIMIT :most
      """;

  private static final String PARTS =
      """
      SELECT execution, step_name, status, is_whole, error FROM performance_step
      WHERE execution = ANY(?) ORDER BY at, stream_id, seq
      """;

  private static final String COSTS =
      """
      SELECT execution, sum(amount) FILTER (WHERE currency = ?) AS total, count(*) AS costs,
        count(*) FILTER (WHERE state = 'unknown') AS unknown
      FROM cost WHERE execution = ANY(?) GROUP BY execution
      """;

  private final Database database;

  ExecutionList(Database database) {
    this.database = database;
  }

  /**
   * Which executions are listed.
   *
   * @param from the first moment
   * @param to the end of the range, exclusive
   * @param task the type of their task; null for all
   */
  record Filter(Instant from, Instant to, @Nullable String task) {}

  /** A place in the list. */
  record Place(Instant at, String execution) {}

  /** An execution of the list. */
  record Listed(
      String execution,
      Instant startedAt,
      @Nullable String subject,
      String taskType,
      ExecutionStatus status,
      int steps,
      Total total) {}

  /**
   * What it cost.
   *
   * @param cost null while none is known in this currency
   * @param unknown costs that are in no sum
   */
  record Total(@Nullable BigDecimal cost, long costs, long unknown) {
    private static final Total NONE = new Total(BigDecimal.ZERO, 0, 0);
  }

  private record Begun(String execution, Instant at, @Nullable String subject, String taskType) {}

  List<Listed> list(Filter filter, Place after, String currency, int most) {
    return database.inTransaction(
        handle -> {
          handle.execute(ONE_MOMENT);
          List<Begun> begun = begun(handle, filter, after, most);
          List<String> names = begun.stream().map(Begun::execution).toList();
          Map<String, List<ExecutionStatus.Part>> parts = parts(handle, names);
          Map<String, Total> totals = totals(handle, names, currency);
          return begun.stream()
              .map(
                  each ->
                      listed(
                          each,
                          parts.getOrDefault(each.execution(), List.of()),
                          totals.getOrDefault(each.execution(), Total.NONE)))
              .toList();
        });
  }

  private static Listed listed(Begun begun, List<ExecutionStatus.Part> parts, Total total) {
    return new Listed(
        begun.execution(),
        begun.at(),
        begun.subject(),
        begun.taskType(),
        ExecutionStatus.of(parts),
        (int) parts.stream().filter(each -> !each.isWhole()).count(),
        total);
  }

  private static List<Begun> begun(Handle handle, Filter filter, Place after, int most) {
    return handle
        .createQuery(LIST)
        .bind("from", filter.from())
        .bind("to", filter.to())
        .bind("task", filter.task())
        .bind("at", after.at())
        .bind("after", after.execution())
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new Begun(
                        row.text("execution"),
                        row.time("started"),
                        row.textOrNull("subject"),
                        row.text("task_type"))))
        .list();
  }

  private static Map<String, List<ExecutionStatus.Part>> parts(Handle handle, List<String> names) {
    Map<String, List<ExecutionStatus.Part>> parts = new HashMap<>();
    handle
        .createQuery(PARTS)
        .bind(0, SqlArrays.texts(names))
        .map(ResultRow.to(row -> Map.entry(row.text("execution"), part(row))))
        .forEach(
            each ->
                parts
                    .computeIfAbsent(each.getKey(), name -> new ArrayList<>())
                    .add(each.getValue()));
    return parts;
  }

  private static ExecutionStatus.Part part(ResultRow row) {
    return new ExecutionStatus.Part(
        row.text("step_name"), row.text("status"), row.flag("is_whole"), row.textOrNull("error"));
  }

  private static Map<String, Total> totals(Handle handle, List<String> names, String currency) {
    Map<String, Total> totals = new HashMap<>();
    handle
        .createQuery(COSTS)
        .bind(0, currency)
        .bind(1, SqlArrays.texts(names))
        .map(ResultRow.to(row -> Map.entry(row.text("execution"), total(row))))
        .forEach(each -> totals.put(each.getKey(), each.getValue()));
    return totals;
  }

  private static Total total(ResultRow row) {
    return new Total(
        row.isNull("total") ? null : row.decimal("total"),
        row.number("costs"),
        row.number("unknown"));
  }
}
