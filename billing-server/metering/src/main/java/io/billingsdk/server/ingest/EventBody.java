package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.keys.NewKey;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A usage event as this API has it, turned into what the wire has, whose reader holds it against
 * the bounds: they are the same, whichever way an event comes.
 */
final class EventBody {
  /** Refusals before the wire's reader sees the event. */
  static final String UNKNOWN_FIELD = "UNKNOWN_FIELD";

  static final String MALFORMED = "MALFORMED";

  private static final Map<String, String> WIRE =
      Map.ofEntries(
          Map.entry("keyId", "key_id"),
          Map.entry("keySha256", "key_sha256"),
          Map.entry("apiKey", "api_key"),
          Map.entry("module", "module"),
          Map.entry("model", "model"),
          Map.entry("usage", "usage"),
          Map.entry("occurredAt", "ts"),
          Map.entry("metadata", "metadata"),
          Map.entry("idempotencyKey", "idempotency_key"),
          Map.entry("quantities", "quantities"),
          Map.entry("subject", "subject"),
          Map.entry("session", "session"),
          Map.entry("execution", "execution"),
          Map.entry("admission", "admission"));

  private final JsonNode body;
  private final ObjectNode wire = JsonNodeFactory.instance.objectNode();

  private EventBody(JsonNode body) {
    this.body = body;
  }

  /**
   * Reads an event.
   *
   * @param identity that was made of its request, which takes the place of its own key; null for
   *     none
   * @return makes it under a number; one that is malformed is refused then, as one that is beyond a
   *     bound
   */
  static SentEvent read(JsonNode body, @Nullable String identity, Clock clock) {
    try {
      ObjectNode event = new EventBody(body).translated(clock);
      if (identity != null && event.hasNonNull("idempotency_key")) {
        throw new RefusedException(
            "IDEMPOTENCY_KEY_MALFORMED",
            "idempotencyKey must be left out: source and id are the identity of a CloudEvent");
      }
      return new SentEvent(seq -> ReceivedEvent.read(seq, event), identity, isTimed(body));
    } catch (RefusedException refused) {
      return refused(refused.code, refused.detail, body);
    }
  }

  /**
   * Reads an event that is the whole of a request.
   *
   * @param header its Idempotency-Key, which is the key of the event; null for none
   */
  static SentEvent single(JsonNode body, @Nullable String header, Clock clock) {
    try {
      ObjectNode event = new EventBody(body).translated(clock);
      if (header != null) {
        // As the header is known: a key in it has become its hash.
        String own = Request.knownKey(event.path("idempotency_key").asText(header));
        if (!own.equals(header)) {
          throw new RefusedException(
              "IDEMPOTENCY_KEY_MALFORMED",
              "idempotencyKey must be that of the request, or left out");
        }
        event.put("idempotency_key", header);
      }
      return SentEvent.of(seq -> ReceivedEvent.read(seq, event), isTimed(body));
    } catch (RefusedException refused) {
      return refused(refused.code, refused.detail, body);
    }
  }

  private static boolean isTimed(JsonNode body) {
    return body.has("occurredAt");
  }

  /** An event that is refused, whatever number it gets. */
  static SentEvent refused(String code, String detail, JsonNode content) {
    String kept = kept(content);
    return SentEvent.of(seq -> new ReceivedEvent.Invalid(seq, code, detail, kept), false);
  }

  private ObjectNode translated(Clock clock) throws RefusedException {
    if (!body.isObject()) {
      throw new RefusedException(MALFORMED, "an event must be a JSON object");
    }
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      translate(field.getKey(), field.getValue());
    }
    if (!wire.has("ts")) {
      wire.put("ts", clock.millis());
    }
    return wire;
  }

  private void translate(String name, JsonNode value) throws RefusedException {
    String wireName = WIRE.get(name);
    if (wireName == null) {
      throw new RefusedException(UNKNOWN_FIELD, unknown(name));
    }
    switch (name) {
      case "occurredAt" -> wire.put(wireName, millis(value));
      case "usage" -> wire.set(wireName, JsonBody.exactNumber(value));
      case "quantities" -> wire.set(wireName, exact(value));
      case "keyId" -> {
        // Under that name it would be stored as it is, a secret in the ledger.
        if (NewKey.isMeantAsKey(value.asText()) || KeyMask.isIn(value.asText())) {
          throw new RefusedException(
              "KEY_MALFORMED", "keyId must be the id of a key; the key itself is apiKey");
        }
        wire.set(wireName, value);
      }
      default -> wire.set(wireName, value);
    }
  }

  /** Its numbers, each possibly a text; the reader refuses a value that is not an object. */
  private static JsonNode exact(JsonNode quantities) {
    if (!quantities.isObject()) {
      return quantities;
    }
    ObjectNode exact = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : quantities.properties()) {
      exact.set(each.getKey(), JsonBody.exactNumber(each.getValue()));
    }
    return exact;
  }

  private static String unknown(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9]", "");
    String meant = WIRE.keySet().stream().filter(plain::equalsIgnoreCase).findFirst().orElse("");
    return Request.shown(name)
        + " must be left out: an event has no such field"
        + (meant.isEmpty() ? "" : ", but " + meant);
  }

  private static long millis(JsonNode value) throws RefusedException {
    try {
      if (value.isTextual()) {
        return Request.time("occurredAt", value.textValue()).toEpochMilli();
      }
    } catch (ProblemException malformed) {
      throw new RefusedException("TIMESTAMP_MALFORMED", malformed.problem().detail());
    }
    throw new RefusedException(
        "TIMESTAMP_MALFORMED", "occurredAt must be a time in UTC, as 2027-01-31T00:00:00Z");
  }

  /** The kept form of a refused event: no key, and not without end. */
  private static String kept(JsonNode content) {
    JsonNode copy = KeyMask.masked(content).deepCopy();
    hide(copy);
    // Of a CloudEvent.
    hide(copy.path("data"));
    String json = copy.toString();
    return json.substring(0, Math.min(Bounds.EVENT_BYTES, json.length()));
  }

  /** Whatever they look like: nobody knows the keys of other systems. */
  private static void hide(JsonNode event) {
    if (event instanceof ObjectNode object) {
      for (String name : new String[] {"apiKey", "api_key", "keyId"}) {
        if (object.has(name)) {
          object.put(name, KeyMask.MASK);
        }
      }
    }
  }

  /** An event is refused. Without a stack trace: it is an outcome, not a fault. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final String detail;

    RefusedException(String code, String detail) {
      super(detail, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
      this.code = code;
      this.detail = detail;
    }
  }
}
