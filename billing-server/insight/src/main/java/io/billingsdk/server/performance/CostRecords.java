package io.billingsdk.server.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.http.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes an event of a cost record: what it cost is the server's to say, by the event's time. */
final class CostRecords {
  /** Names in the metadata of the event that are not the caller's. */
  static final List<String> OWN =
      List.of(
          "record_id", "operation", "unit", "duration_ms", "reported_cost", "record_created_at");

  private static final Map<String, String> TOKENS =
      Map.of("prompt_tokens", "input_tokens", "completion_tokens", "output_tokens");

  private CostRecords() {}

  static ObjectNode event(RecordFields fields, String key) {
    String operation = fields.name("operation");
    BigDecimal quantity = fields.amount("quantity");
    ObjectNode metadata = fields.metadata();
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("keyId", key);
    event.put("module", fields.name("service"));
    event.put("model", model(operation, metadata));
    event.set("usage", Json.number(quantity));
    fields.time("started_at").ifPresent(at -> event.put("occurredAt", at.toString()));
    fields.optionalName("user_id").ifPresent(user -> event.put("subject", user));
    fields.optionalName("execution_id").ifPresent(id -> event.put("execution", id));
    ObjectNode tokens = tokens(new RecordFields(metadata, fields.place() + "metadata."));
    if (!tokens.isEmpty()) {
      event.set("quantities", tokens);
    }
    metadata.put("record_id", fields.name("record_id"));
    metadata.put("operation", operation);
    metadata.put("unit", fields.name("unit"));
    fields.millis("duration").ifPresent(millis -> metadata.put("duration_ms", millis));
    reported(fields, quantity)
        .ifPresent(cost -> metadata.set("reported_cost", Json.number(Answer.plain(cost))));
    fields.time("created_at").ifPresent(at -> metadata.put("record_created_at", at.toString()));
    event.set("metadata", metadata);
    return event;
  }

  /** What the caller says that it cost. */
  private static Optional<BigDecimal> reported(RecordFields fields, BigDecimal quantity) {
    Optional<BigDecimal> total = fields.optionalAmount("total_cost");
    Optional<BigDecimal> each = fields.optionalAmount("unit_cost");
    return total.isPresent() ? total : each.map(quantity::multiply);
  }

  /** The operation of a prompt is {@code {model}_{category}_{name}}. */
  private static String model(String operation, ObjectNode metadata) {
    String category = metadata.path("prompt_category").asText();
    String name = metadata.path("prompt_name").asText();
    String end = "_" + category + "_" + name;
    boolean isPrompt = !category.isEmpty() && !name.isEmpty();
    if (isPrompt && operation.endsWith(end) && operation.length() > end.length()) {
      return operation.substring(0, operation.length() - end.length());
    }
    String model = metadata.path("model").asText();
    return model.isBlank() ? operation : model;
  }

  private static ObjectNode tokens(RecordFields metadata) {
    ObjectNode tokens = JsonNodeFactory.instance.objectNode();
    TOKENS.forEach(
        (field, name) ->
            metadata
                .optionalAmount(field)
                .ifPresent(count -> tokens.set(name, Json.number(count))));
    return tokens;
  }

  /** The metadata of an event as its record had them. */
  static JsonNode metadata(JsonNode ofEvent) {
    ObjectNode copy = ofEvent.deepCopy();
    return copy.remove(OWN);
  }
}
