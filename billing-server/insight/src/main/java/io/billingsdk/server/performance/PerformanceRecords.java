package io.billingsdk.server.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes an event of a performance record. */
final class PerformanceRecords {
  /** Names in the metadata of the event that are not the caller's. */
  static final List<String> OWN =
      List.of("record_id", "step_name", "status", "error", "completed_at", "whole");

  /** Names by which an event has a cost, which a step has not. */
  private static final List<String> OF_COSTS = List.of("unit", "reported_cost");

  private static final int ERROR_CHARS = 1_024;

  private PerformanceRecords() {}

  static ObjectNode event(RecordFields fields, String key) {
    Optional<Instant> begun = fields.time("started_at");
    Optional<Instant> ended = fields.time("completed_at");
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("keyId", key);
    event.put("module", Step.MODULE);
    event.put("model", fields.name("task_type"));
    event.put("usage", millis(fields, begun, ended).orElse(0L));
    begun.ifPresent(at -> event.put("occurredAt", at.toString()));
    event.put("execution", fields.name("execution_id"));
    fields.optionalName("user_id").ifPresent(user -> event.put("subject", user));
    ObjectNode metadata = fields.metadata();
    metadata.remove(OWN);
    metadata.remove(OF_COSTS);
    metadata.put("record_id", fields.name("record_id"));
    metadata.put("step_name", fields.name("step_name"));
    metadata.put("status", status(fields, begun, ended));
    fields.shortened("error", ERROR_CHARS).ifPresent(error -> metadata.put("error", error));
    ended.ifPresent(at -> metadata.put("completed_at", at.toString()));
    event.set("metadata", metadata);
    return event;
  }

  /** The duration that is given; otherwise from the beginning to the end. */
  private static Optional<Long> millis(
      RecordFields fields, Optional<Instant> begun, Optional<Instant> ended) {
    Optional<Long> given = fields.millis("duration");
    if (given.isPresent() || begun.isEmpty() || ended.isEmpty()) {
      return given;
    }
    long between = Duration.between(begun.get(), ended.get()).toMillis();
    if (between < 0) {
      throw fields.wrong("completed_at", "not before started_at, " + begun.get());
    }
    return Optional.of(between);
  }

  /** A step without an end runs. */
  private static String status(
      RecordFields fields, Optional<Instant> begun, Optional<Instant> ended) {
    Optional<String> given = fields.optionalName("status");
    if (given.isPresent() && !given.get().equals("success") && !given.get().equals("failed")) {
      throw fields.wrong("status", "one of success, failed");
    }
    boolean hasEnded = ended.isPresent() || millis(fields, begun, ended).isPresent();
    if (hasEnded && given.isEmpty()) {
      throw fields.wrong("status", "one of success, failed, since the step has ended");
    }
    return hasEnded ? given.orElseThrow() : given.filter("failed"::equals).orElse("started");
  }

  /** The metadata of an event as its record had them. */
  static JsonNode metadata(JsonNode ofEvent) {
    ObjectNode copy = ofEvent.deepCopy();
    return copy.remove(OWN);
  }
}
