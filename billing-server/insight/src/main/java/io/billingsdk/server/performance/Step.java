package io.billingsdk.server.performance;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A step of an execution, or the whole of one, as an event says it: module {@value #MODULE}, the
 * type of the task as model, the milliseconds as usage, and the rest in the metadata.
 *
 * @param event its identity in the ledger
 * @param at when it began
 * @param recordId its own name; null for none
 * @param owner whose it is
 * @param cell where its duration is counted
 * @param course how it went
 * @param metadata all of the event, as JSON
 */
record Step(
    EventId event,
    Instant at,
    @Nullable String recordId,
    Owner owner,
    Cell cell,
    Course course,
    String metadata) {
  /** The module of such events. */
  static final String MODULE = "performance";

  /** The name of a step that is the whole of its execution. */
  static final String WHOLE = "execution";

  private static final Set<String> STATES = Set.of("started", "success", "failed");
  private static final BigDecimal MOST_MILLIS = BigDecimal.valueOf(1L << 53);

  /** Whose it is. */
  record Owner(@Nullable String app, @Nullable String subject, @Nullable String execution) {}

  /**
   * Durations that are counted together.
   *
   * @param hour of UTC
   */
  record Cell(Instant hour, String taskType, String stepName) implements Comparable<Cell> {
    /** That of a moment. */
    static Cell of(Instant at, String taskType, String stepName) {
      return new Cell(at.truncatedTo(ChronoUnit.HOURS), taskType, stepName);
    }

    @Override
    public int compareTo(Cell other) {
      int byHour = hour.compareTo(other.hour);
      int byTask = byHour == 0 ? taskType.compareTo(other.taskType) : byHour;
      return byTask == 0 ? stepName.compareTo(other.stepName) : byTask;
    }
  }

  /**
   * How it went.
   *
   * @param isWhole whether it is the whole of its execution
   */
  record Course(
      String status,
      boolean isWhole,
      long millis,
      @Nullable Instant completedAt,
      @Nullable String error) {
    /** Whether its duration counts: a step that runs has none yet. */
    boolean isTimed() {
      return !status.equals("started") && !isWhole;
    }
  }

  /** The step that an event is; empty for other events. */
  static Optional<Step> of(AppendedEvent event) {
    String json = event.metadata();
    if (!event.module().equals(MODULE) || json == null) {
      return Optional.empty();
    }
    JsonNode metadata = tree(json);
    String name = text(metadata, "step_name");
    String status = text(metadata, "status");
    if (name == null || status == null || !STATES.contains(status)) {
      return Optional.empty();
    }
    boolean isWhole = name.equals(WHOLE) && metadata.path("whole").asBoolean();
    return Optional.of(
        new Step(
            event.id(),
            event.occurredAt(),
            text(metadata, "record_id"),
            new Owner(event.app(), event.details().subject(), event.details().execution()),
            Cell.of(event.occurredAt(), event.model(), name),
            new Course(
                status,
                isWhole,
                millis(event.usage()),
                time(text(metadata, "completed_at")),
                text(metadata, "error")),
            json));
  }

  /** Half up, where an event has a part of a millisecond. */
  static long millis(BigDecimal usage) {
    BigDecimal bounded = usage.max(BigDecimal.ZERO).min(MOST_MILLIS);
    return bounded.setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  private static JsonNode tree(String json) {
    try {
      return Json.exactTree(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new IllegalStateException("metadata in the ledger is no JSON", impossible);
    }
  }

  private static @Nullable String text(JsonNode metadata, String name) {
    JsonNode value = metadata.path(name);
    return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException malformed) {
      // Said by the sender alone; the rest of the step is as good without it.
      return null;
    }
  }
}
