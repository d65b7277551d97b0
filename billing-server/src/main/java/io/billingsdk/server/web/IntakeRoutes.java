package io.billingsdk.server.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.billingsdk.server.collect.Intake;
import io.billingsdk.server.collect.Intake.Outcome;
import io.billingsdk.server.collect.Intake.Status;
import io.billingsdk.server.collect.Intake.UnavailableException;
import io.billingsdk.wire.ReceivedEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Usage from producers without MQTT: one event, a batch, or lines for as long as they come. */
final class IntakeRoutes {
  static final int BATCH_EVENTS = 1_000;

  private static final String EVENTS = Route.BASE + "/events";
  private static final String NDJSON = "application/x-ndjson";

  private final Intake intake;
  private final Clock clock;

  IntakeRoutes(Intake intake, Clock clock) {
    this.intake = intake;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.intake(EVENTS, this::one),
        Route.intake(EVENTS + "/batch", this::batch),
        Route.intake(EVENTS + "/stream", this::stream));
  }

  private record OneView(String status) {}

  /**
   * What became of an event.
   *
   * @param index of it in its batch
   */
  private record View(
      int index,
      String status,
      @Nullable String code,
      @Nullable String field,
      @Nullable String detail) {}

  private record BatchView(long stored, long duplicates, long rejected, List<View> results) {}

  private Answer one(Request request) {
    Optional<String> key = request.idempotencyKey();
    Outcome outcome = store(List.of(event(request, key.orElse(null)))).get(0);
    if (outcome.status() == Status.REJECTED) {
      Refusal refusal = Refusal.of(outcome);
      return Answer.problem(Problem.rejected(refusal.field(), refusal.detail()));
    }
    byte[] body = Json.bytes(new OneView(Refusal.text(outcome.status())));
    int status = outcome.status() == Status.STORED ? 201 : 200;
    return new Answer.Whole(status, Answer.JSON, body, Map.of());
  }

  private LongFunction<ReceivedEvent> event(Request request, @Nullable String key) {
    return switch (request.mediaType()) {
      case CloudEvent.TYPE -> CloudEvent.structured(json(request), clock);
      case Answer.JSON ->
          CloudEvent.isBinary(request::header)
              ? CloudEvent.binary(request::header, json(request), clock)
              : EventBody.read(json(request), key, clock);
      default -> throw wrongType(Answer.JSON + " or " + CloudEvent.TYPE);
    };
  }

  private Answer batch(Request request) {
    List<LongFunction<ReceivedEvent>> events =
        switch (request.mediaType()) {
          case Answer.JSON -> plain(request);
          case CloudEvent.BATCH_TYPE -> cloudEvents(request);
          default -> throw wrongType(Answer.JSON + " or " + CloudEvent.BATCH_TYPE);
        };
    return Answer.ok(view(store(events)));
  }

  private List<LongFunction<ReceivedEvent>> plain(Request request) {
    JsonNode body = json(request);
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!field.getKey().equals("events")) {
        String name = field.getKey();
        throw Request.invalid(
            name.substring(0, Math.min(64, name.length())), "left out: there is no such field");
      }
    }
    Optional<String> key = request.idempotencyKey();
    List<LongFunction<ReceivedEvent>> events = new ArrayList<>();
    for (JsonNode each : list(body.path("events"), "events")) {
      String own = each.hasNonNull("idempotencyKey") ? null : suffixed(key, events.size());
      events.add(EventBody.read(each, own, clock));
    }
    return events;
  }

  private List<LongFunction<ReceivedEvent>> cloudEvents(Request request) {
    List<LongFunction<ReceivedEvent>> events = new ArrayList<>();
    for (JsonNode each : list(json(request), "body")) {
      events.add(CloudEvent.structured(each, clock));
    }
    return events;
  }

  private static ArrayNode list(JsonNode node, String field) {
    if (node instanceof ArrayNode list && !list.isEmpty() && list.size() <= BATCH_EVENTS) {
      return list;
    }
    throw Request.invalid(field, "a list of 1 to " + BATCH_EVENTS + " events");
  }

  private Answer stream(Request request) {
    if (!request.mediaType().equals(NDJSON)) {
      throw wrongType(NDJSON);
    }
    Optional<String> key = request.idempotencyKey();
    EventLines lines =
        new EventLines(
            request.stream(),
            (event, line) ->
                EventBody.read(
                    event, event.hasNonNull("idempotencyKey") ? null : suffixed(key, line), clock));
    return new Answer.Streamed(
        NDJSON, out -> new StreamedIntake(intake, lines, out).run(), () -> {});
  }

  /** Each event of a request has a key of its own, the same when the request is sent again. */
  private static @Nullable String suffixed(Optional<String> key, long place) {
    return key.map(text -> text + "/" + place).orElse(null);
  }

  private List<Outcome> store(List<LongFunction<ReceivedEvent>> events) {
    try {
      return intake.store(events);
    } catch (UnavailableException unavailable) {
      throw new ProblemException(Problem.notStored(String.valueOf(unavailable.getMessage())));
    }
  }

  private static BatchView view(List<Outcome> outcomes) {
    List<View> results = new ArrayList<>();
    for (Outcome each : outcomes) {
      Refusal refusal = each.status() == Status.REJECTED ? Refusal.of(each) : null;
      results.add(
          new View(
              results.size(),
              Refusal.text(each.status()),
              refusal == null ? null : refusal.code(),
              refusal == null ? null : refusal.field(),
              refusal == null ? null : refusal.detail()));
    }
    return new BatchView(
        count(outcomes, Status.STORED),
        count(outcomes, Status.DUPLICATE),
        count(outcomes, Status.REJECTED),
        results);
  }

  private static long count(List<Outcome> outcomes, Status status) {
    return outcomes.stream().filter(each -> each.status() == status).count();
  }

  private static JsonNode json(Request request) {
    return Fields.tree(request.whole(), Json::exactTree);
  }

  private static ProblemException wrongType(String expected) {
    return new ProblemException(Problem.mediaType(expected));
  }
}
