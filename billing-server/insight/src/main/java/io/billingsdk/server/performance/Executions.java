package io.billingsdk.server.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** An execution with its steps and costs, of one moment. Thread-safe. */
final class Executions {
  /** The most steps, and the most costs, that an answer lists; its sums are of all. */
  static final int MOST = 10_000;

  private static final int UNIT_DECIMALS = 12;

  private static final String ONE_MOMENT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

  private static final String STEPS =
      """
      SELECT coalesce(record_id, stream_id || '-' || seq) AS record_id, subject, task_type,
        step_name, at, completed_at, duration_ms, status, is_whole, error, metadata
      FROM performance_step WHERE execution = :execution ORDER BY at, stream_id, seq LIMIT :most
      """;

  private static final String COSTS =
      """
      SELECT coalesce(metadata->>'record_id', stream_id || '-' || seq) AS record_id, subject,
        service, operation, quantity, unit, amount, currency, state, reported, at, duration_ms,
        metadata, coalesce(metadata->>'record_created_at',
          to_char(rated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) AS created_at
      FROM cost WHERE execution = :execution ORDER BY at, stream_id, seq LIMIT :most
      """;

  private static final String SUMS =
      """
      SELECT coalesce(sum(amount) FILTER (WHERE currency = :currency), 0) AS total,
        count(*) FILTER (WHERE service IN ('openai', 'google_video_ai', 'whisper')
          AND stream_id <> 0) AS ai,
        count(*) AS uses, count(amount) FILTER (WHERE currency = :currency) AS known,
        min(subject) AS subject
      FROM cost WHERE execution = :execution
      """;

  private final Database database;

  Executions(Database database) {
    this.database = database;
  }

  /** A step of the answer. */
  private record StepView(
      @Nullable String subject, String name, ExecutionStatus.Part part, ObjectNode node) {}

  /** The execution; empty when nothing is known of it. */
  Optional<ObjectNode> find(String execution, String currency) {
    return database.inTransaction(
        handle -> {
          handle.execute(ONE_MOMENT);
          List<StepView> steps =
              handle
                  .createQuery(STEPS)
                  .bind("execution", execution)
                  .bind("most", MOST)
                  .map(ResultRow.to(row -> step(row, execution)))
                  .list();
          ObjectNode found = sums(handle, execution, currency, steps);
          return found.path("uses").asLong() == 0 && steps.isEmpty()
              ? Optional.empty()
              : Optional.of(found.without("uses"));
        });
  }

  private static ObjectNode sums(
      Handle handle, String execution, String currency, List<StepView> steps) {
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    ExecutionStatus status = ExecutionStatus.of(steps.stream().map(StepView::part).toList());
    ArrayNode costs = costs(handle, execution);
    return handle
        .createQuery(SUMS)
        .bind("execution", execution)
        .bind("currency", currency)
        .map(
            ResultRow.to(
                row -> {
                  boolean isUnknown = row.number("uses") > 0 && row.number("known") == 0;
                  Answer.put(found, "execution_id", execution);
                  Answer.put(found, "user_id", user(row.textOrNull("subject"), steps));
                  Answer.put(found, "status", status.status());
                  Answer.put(found, "error_message", status.error());
                  Answer.put(found, "total_cost", isUnknown ? null : row.decimal("total"));
                  Answer.put(found, "ai_calls_count", row.number("ai"));
                  Answer.put(found, "steps", nodes(steps));
                  Answer.put(found, "costs", costs);
                  Answer.put(found, "uses", row.number("uses"));
                  return found;
                }))
        .one();
  }

  private static @Nullable String user(@Nullable String ofCosts, List<StepView> steps) {
    for (StepView each : steps) {
      if (each.subject() != null) {
        return each.subject();
      }
    }
    return ofCosts;
  }

  /** The whole of an execution is no step of it. */
  private static ArrayNode nodes(List<StepView> steps) {
    ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
    steps.stream().filter(each -> !each.part().isWhole()).forEach(each -> nodes.add(each.node()));
    return nodes;
  }

  private static StepView step(ResultRow row, String execution) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    String status = row.text("status");
    boolean isStarted = status.equals("started");
    Answer.put(node, "record_id", row.text("record_id"));
    Answer.put(node, "execution_id", execution);
    Answer.put(node, "task_type", row.text("task_type"));
    Answer.put(node, "step_name", row.text("step_name"));
    Answer.put(node, "started_at", row.time("at"));
    Answer.put(node, "completed_at", row.timeOrNull("completed_at"));
    Answer.put(node, "duration", isStarted ? null : row.number("duration_ms"));
    Answer.put(node, "status", isStarted ? null : status);
    Answer.put(node, "error", row.textOrNull("error"));
    Answer.put(node, "metadata", PerformanceRecords.metadata(metadata(row)));
    return new StepView(
        row.textOrNull("subject"),
        row.text("step_name"),
        new ExecutionStatus.Part(
            row.text("step_name"), status, row.flag("is_whole"), row.textOrNull("error")),
        node);
  }

  private static ArrayNode costs(Handle handle, String execution) {
    ArrayNode costs = JsonNodeFactory.instance.arrayNode();
    handle
        .createQuery(COSTS)
        .bind("execution", execution)
        .bind("most", MOST)
        .map(ResultRow.to(row -> cost(row, execution)))
        .forEach(costs::add);
    return costs;
  }

  private static ObjectNode cost(ResultRow row, String execution) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    BigDecimal quantity = row.decimal("quantity");
    BigDecimal amount = row.isNull("amount") ? null : row.decimal("amount");
    Answer.put(node, "record_id", row.text("record_id"));
    Answer.put(node, "execution_id", execution);
    Answer.put(node, "user_id", row.textOrNull("subject"));
    Answer.put(node, "service", row.text("service"));
    Answer.put(node, "operation", row.text("operation"));
    Answer.put(node, "quantity", quantity);
    Answer.put(node, "unit", row.text("unit"));
    Answer.put(node, "unit_cost", unitCost(amount, quantity));
    Answer.put(node, "total_cost", amount);
    Answer.put(node, "currency", row.textOrNull("currency"));
    Answer.put(node, "reported_cost", row.isNull("reported") ? null : row.decimal("reported"));
    Answer.put(node, "started_at", row.time("at"));
    Answer.put(node, "duration", row.numberOrNull("duration_ms"));
    Answer.put(node, "metadata", CostRecords.metadata(metadata(row)));
    Answer.put(node, "created_at", row.text("created_at"));
    return node;
  }

  private static @Nullable BigDecimal unitCost(@Nullable BigDecimal amount, BigDecimal quantity) {
    return amount == null || quantity.signum() == 0
        ? null
        : amount.divide(quantity, UNIT_DECIMALS, RoundingMode.HALF_UP);
  }

  private static JsonNode metadata(ResultRow row) {
    String json = row.textOrNull("metadata");
    try {
      return Json.exactTree((json == null ? "{}" : json).getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new IllegalStateException("metadata in a table is no JSON", impossible);
    }
  }
}
