package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ingest.RecordIntake;
import io.billingsdk.server.ingest.RecordIntake.RecordOutcome;
import io.billingsdk.server.ingest.RecordIntake.UsageRecord;
import io.billingsdk.server.keys.OwnKey;
import io.billingsdk.server.statistics.UsageFact.Fault;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import io.billingsdk.server.statistics.Uses.Admitted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Takes uses in: each is admitted by the limits of its person, and is an event of the ledger. */
final class UseRoutes {
  private static final String KIND = "usage";
  private static final int TYPE_CHARS = 64;

  /** Names limits, lest a person meets them without a warning. */
  private static final String NEAR = "Billing-Near-Limit";

  private static final Actor ACTOR = new Actor("statistics");

  private final RecordIntake intake;
  private final Holders holders;
  private final ProfileStore profiles;
  private final Uses uses;
  private final InstantSource clock;
  private final OwnKey key =
      new OwnKey("k_statistics", "statistics", "Use by sessions, users and guests");

  UseRoutes(RecordIntake intake, Holders holders, ProfileStore profiles, InstantSource clock) {
    this.intake = intake;
    this.holders = holders;
    this.profiles = profiles;
    this.uses = new Uses(clock);
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.holder("POST", SessionRoutes.BASE + "/record", this::ofSession).ignoringOthers(),
        Route.holder("POST", PersonRoutes.BASE + "/record", this::ofPerson).ignoringOthers());
  }

  private ApiResponse ofSession(Request request) {
    JsonNode body = body(request);
    JsonNode token = body.path("session_id");
    if (!token.isTextual() || token.textValue().isEmpty()) {
      throw Request.invalid("session_id", "that of an answer to the start");
    }
    Person person =
        request
            .database()
            .read(handle -> HolderRequest.session(handle, holders, token.textValue()));
    return take(request, body, person, Audience.SESSIONS);
  }

  private ApiResponse ofPerson(Request request) {
    Person person =
        request.database().read(handle -> HolderRequest.person(handle, holders, request));
    return take(request, body(request), person, Audience.USERS);
  }

  private static JsonNode body(Request request) {
    JsonNode body = request.tree();
    if (!body.isObject()) {
      throw new ProblemException(Problem.malformedBody("it is not a JSON object"));
    }
    return body;
  }

  private ApiResponse take(Request request, JsonNode body, Person person, Audience audience) {
    JsonNode type = body.path("event_type");
    if (!type.isTextual() || type.textValue().isBlank() || type.textValue().length() > TYPE_CHARS) {
      throw Request.invalid("event_type", "a text of 1 to " + TYPE_CHARS + " characters");
    }
    UsageProfile profile = request.database().read(profiles::current).of(audience);
    UsageFact.Read read = UsageFact.read(profile, type.textValue(), body.path("metadata"));
    UsageFact fact = read.fact().orElseThrow(() -> refused(read.fault().orElseThrow(), type));
    String record = record(request, person);
    Admitted admitted = uses.admit(request.database(), person, profile, fact, record);
    if (admitted instanceof Admitted.No no) {
      return limited(no.limit());
    } else if (admitted instanceof Admitted.Other) {
      throw otherUse();
    } else if (admitted instanceof Admitted.Erased) {
      throw Holders.refused(401, "token", "the one whose token it was has been erased");
    } else if (!(admitted instanceof Admitted.Yes yes)) {
      return ApiResponse.ok(SessionRoutes.success());
    } else {
      store(request, person, profile, fact, new Named(record, yes.at()));
      Map<String, String> headers =
          yes.near().isEmpty() ? Map.of() : Map.of(NEAR, String.join(", ", yes.near()));
      return new ApiResponse.Whole(
          200, ApiResponse.JSON, Json.bytes(SessionRoutes.success()), headers);
    }
  }

  private static ProblemException otherUse() {
    return new ProblemException(
        Problem.conflict(
            "Idempotency-Key", "another use has this key; take a new key for each use"));
  }

  private static ProblemException refused(Fault fault, JsonNode type) {
    // By its name: a misspelt type would otherwise be looked for elsewhere.
    String shown =
        fault.field().equals("event_type")
            ? fault.expected() + ", and not " + Request.shown(type.textValue())
            : fault.expected();
    return Request.invalid(fault.field(), shown);
  }

  /** With the key of a request, a repetition is the same use. */
  private static String record(Request request, Person person) {
    return request
        .idempotencyKey()
        .map(given -> KeyRef.sha256(person.id() + " " + given))
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  private record Named(String record, Instant at) {}

  private void store(
      Request request, Person person, UsageProfile profile, UsageFact fact, Named named) {
    // Without the measure: it is the usage, which a correction may change.
    ObjectNode metadata = fact.kept(profile);
    metadata.put(FactHook.RECORD, named.record());
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("keyId", key.in(request.database(), ACTOR));
    event.put("module", profile.name());
    event.put("model", fact.type());
    event.set("usage", Json.number(fact.usage(profile)));
    event.put("occurredAt", named.at().toString());
    event.put("session", Person.session(person.id()));
    event.set("metadata", metadata);
    RecordOutcome outcome =
        intake.store(List.of(new UsageRecord(KIND, named.record(), event))).get(0);
    if (!outcome.status().equals("stored")) {
      // Whatever it is, no event of this use will come.
      uses.release(request.database(), named.record());
    }
    // The same use, sent twice at once, differs in its time alone: the first one counts.
    boolean isDone =
        outcome.isCounted()
            || uses.isCounted(request.database(), person, profile, fact, named.record());
    if (!isDone) {
      throw outcome.status().equals("conflict")
          ? otherUse()
          : new ProblemException(Problem.rejected("metadata", outcome.detail()));
    }
  }

  /** Without a time at which it is worth another try where there is none. */
  private ApiResponse limited(LimitState limit) {
    Problem problem =
        new Problem(
            "/problems/limit-reached",
            "A limit is reached",
            429,
            limit.message(),
            "event_type",
            null);
    Instant resetsAt = limit.resetsAt();
    Map<String, String> headers =
        resetsAt == null ? Map.of() : Map.of("Retry-After", seconds(resetsAt));
    return new ApiResponse.Whole(429, Problem.CONTENT_TYPE, Json.bytes(problem), headers);
  }

  /** Rounded up: a second earlier would be too early. */
  private String seconds(Instant until) {
    long millis = Duration.between(clock.instant(), until).toMillis();
    return Long.toString(Math.max(1, (millis + 999) / 1_000));
  }
}
