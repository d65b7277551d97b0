package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.Places;
import io.billingsdk.server.ingest.Intake.Outcome;
import io.billingsdk.server.ingest.Intake.Status;
import io.billingsdk.server.ingest.Intake.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Usage from senders without MQTT: one event, a batch, or lines for as long as they come. */
final class IntakeRoutes {
  static final int BATCH_EVENTS = 1_000;

  /** Streams of lines at once. */
  static final int STREAMS = 2_000;

  private static final String EVENTS = Route.BASE + "/events";
  private static final String NDJSON = "application/x-ndjson";

  /** When what waits may have been stored. */
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private final Intake intake;
  private final Clock clock;
  private final StreamTiming timing;
  private final Places places;

  IntakeRoutes(Intake intake, Clock clock, StreamTiming timing, int streamsOfToken) {
    this.places =
        new Places("streams of lines", STREAMS, streamsOfToken, streamsOfToken, streamsOfToken);
    this.intake = intake;
    this.clock = clock;
    this.timing = timing;
  }

  List<Route> routes() {
    return List.of(
        Route.intake(EVENTS, this::one),
        Route.intake(EVENTS + "/batch", this::batch),
        Route.intake(EVENTS + "/stream", this::stream).lasting(places));
  }

  private record OneView(String status) {}

  /**
   * What became of an event.
   *
   * @param index of it in its batch
   */
  private record IntakeView(
      int index,
      String status,
      @Nullable String code,
      @Nullable String field,
      @Nullable String detail) {}

  private record BatchView(
      long stored, long duplicates, long conflicts, long rejected, List<IntakeView> results) {}

  private ApiResponse one(Request request) {
    String key = request.idempotencyKey().orElse(null);
    SentEvent event = event(request, key);
    Outcome outcome = store(List.of(event)).get(0);
    if (outcome.status() == Status.CONFLICT) {
      String field = RequestIdentity.field(event.identity(), key != null);
      return ApiResponse.problem(Problem.eventConflict(field, outcome.detail()));
    }
    if (outcome.status() == Status.REJECTED) {
      ProblemResponse problemResponse = ProblemResponse.of(outcome);
      return ApiResponse.problem(
          Problem.rejected(problemResponse.field(), problemResponse.detail()));
    }
    byte[] body = Json.bytes(new OneView(ProblemResponse.text(outcome.status())));
    int status = outcome.status() == Status.STORED ? 201 : 200;
    return new ApiResponse.Whole(status, ApiResponse.JSON, body, Map.of());
  }

  private SentEvent event(Request request, @Nullable String key) {
    return switch (request.mediaType()) {
      case CloudEvent.TYPE -> CloudEvent.structured(json(request), clock);
      case ApiResponse.JSON ->
          CloudEventHeaders.areIn(request.headers().keySet())
              ? CloudEvent.binary(request.headers(), json(request), clock)
              : EventBody.single(json(request), key, clock);
      default -> throw wrongType(ApiResponse.JSON + " or " + CloudEvent.TYPE);
    };
  }

  private ApiResponse batch(Request request) {
    List<SentEvent> events =
        switch (request.mediaType()) {
          case ApiResponse.JSON -> plain(request);
          case CloudEvent.BATCH_TYPE -> cloudEvents(request);
          default -> throw wrongType(ApiResponse.JSON + " or " + CloudEvent.BATCH_TYPE);
        };
    return ApiResponse.ok(view(events, store(events)));
  }

  private List<SentEvent> plain(Request request) {
    JsonNode body = json(request);
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!field.getKey().equals("events")) {
        throw Request.invalid(Request.shown(field.getKey()), "left out: there is no such field");
      }
    }
    String key = request.idempotencyKey().orElse(null);
    List<SentEvent> events = new ArrayList<>();
    for (JsonNode each : list(body.path("events"), "events")) {
      boolean own = each.hasNonNull("idempotencyKey");
      String identity = own ? null : RequestIdentity.ofBatch(key, events.size());
      events.add(EventBody.read(each, identity, clock));
    }
    return events;
  }

  private List<SentEvent> cloudEvents(Request request) {
    List<SentEvent> events = new ArrayList<>();
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

  private ApiResponse stream(Request request) {
    if (!request.mediaType().equals(NDJSON)) {
      throw wrongType(NDJSON);
    }
    String key = request.idempotencyKey().orElse(null);
    boolean compressed = request.isCompressed();
    EventLines.Reader reader =
        (event, line) -> {
          boolean own = event.hasNonNull("idempotencyKey");
          return EventBody.read(event, own ? null : RequestIdentity.ofLine(key, line), clock);
        };
    return new ApiResponse.Streamed(
        NDJSON,
        line -> {
          EventLines lines = new EventLines(line.parts(compressed), reader);
          return new StreamedIntake(intake, lines, line, timing);
        },
        () -> {});
  }

  private List<Outcome> store(List<SentEvent> events) {
    try {
      return intake.store(events);
    } catch (UnavailableException unavailable) {
      throw new ProblemException(
          Problem.notStored(String.valueOf(unavailable.getMessage())), TRY_AGAIN);
    }
  }

  private static BatchView view(List<SentEvent> events, List<Outcome> outcomes) {
    List<IntakeView> results = new ArrayList<>();
    for (Outcome each : outcomes) {
      ProblemResponse problemResponse =
          ProblemResponse.ofRefused(each, events.get(results.size())).orElse(null);
      results.add(
          new IntakeView(
              results.size(),
              ProblemResponse.text(each.status()),
              problemResponse == null ? null : problemResponse.code(),
              problemResponse == null ? null : problemResponse.field(),
              problemResponse == null ? null : problemResponse.detail()));
    }
    return new BatchView(
        count(outcomes, Status.STORED),
        count(outcomes, Status.DUPLICATE),
        count(outcomes, Status.CONFLICT),
        count(outcomes, Status.REJECTED),
        results);
  }

  private static long count(List<Outcome> outcomes, Status status) {
    return outcomes.stream().filter(each -> each.status() == status).count();
  }

  private static JsonNode json(Request request) {
    return JsonBody.tree(request.whole(), Json::exactTree);
  }

  private static ProblemException wrongType(String expected) {
    return new ProblemException(Problem.mediaType(expected));
  }
}
