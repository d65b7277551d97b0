package io.billingsdk.server.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.wire.Bounds;
import io.billingsdk.wire.ReceivedEvent;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A usage event as this API has it, turned into what the wire has, whose reader holds it against
 * the bounds: they are the same, whichever way an event comes.
 */
final class EventBody {
  /** What is refused before the wire's reader sees it. */
  static final String UNKNOWN_FIELD = "UNKNOWN_FIELD";

  static final String MALFORMED = "MALFORMED";

  private static final Map<String, String> WIRE =
      Map.of(
          "keyId", "key_id",
          "keySha256", "key_sha256",
          "apiKey", "api_key",
          "module", "module",
          "model", "model",
          "usage", "usage",
          "occurredAt", "ts",
          "metadata", "metadata",
          "idempotencyKey", "idempotency_key");

  private static final String DECIMAL = "[0-9]{1,40}([.][0-9]{1,40})?";

  private static final int NAME_SHOWN = 64;

  private final JsonNode body;
  private final ObjectNode wire = JsonNodeFactory.instance.objectNode();

  private EventBody(JsonNode body) {
    this.body = body;
  }

  /**
   * Reads an event.
   *
   * @param idempotencyKey from elsewhere in the request; null for none
   * @return makes it under a number; one that is malformed is refused then, as one that is beyond a
   *     bound
   */
  static LongFunction<ReceivedEvent> read(
      JsonNode body, @Nullable String idempotencyKey, Clock clock) {
    try {
      ObjectNode event = new EventBody(body).translated(idempotencyKey, clock);
      return seq -> ReceivedEvent.read(seq, event);
    } catch (RefusedException refused) {
      return refused(refused.code, refused.detail, body);
    }
  }

  /** An event that is refused, whatever number it gets. */
  static LongFunction<ReceivedEvent> refused(String code, String detail, JsonNode content) {
    String kept = masked(content);
    return seq -> new ReceivedEvent.Invalid(seq, code, detail, kept);
  }

  private ObjectNode translated(@Nullable String idempotencyKey, Clock clock)
      throws RefusedException {
    if (!body.isObject()) {
      throw new RefusedException(MALFORMED, "an event must be a JSON object");
    }
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      translate(field.getKey(), field.getValue());
    }
    if (!wire.has("ts")) {
      wire.put("ts", clock.millis());
    }
    if (idempotencyKey != null) {
      String own = wire.path("idempotency_key").asText(idempotencyKey);
      if (!own.equals(idempotencyKey)) {
        throw new RefusedException(
            "IDEMPOTENCY_KEY_MALFORMED", "idempotencyKey must be that of the request, or left out");
      }
      wire.put("idempotency_key", idempotencyKey);
    }
    return wire;
  }

  private void translate(String name, JsonNode value) throws RefusedException {
    String wireName = WIRE.get(name);
    if (wireName == null) {
      String shown = name.substring(0, Math.min(NAME_SHOWN, name.length()));
      throw new RefusedException(
          UNKNOWN_FIELD, shown + " must be left out: an event has no such field");
    }
    switch (name) {
      case "occurredAt" -> wire.put(wireName, millis(value));
      case "usage" -> wire.set(wireName, number(value));
      case "keyId" -> {
        // Under that name it would be stored as it is, a secret in the ledger.
        if (NewKey.isMeantAsKey(value.asText())) {
          throw new RefusedException(
              "KEY_MALFORMED", "keyId must be the id of a key; the key itself is apiKey");
        }
        wire.set(wireName, value);
      }
      default -> wire.set(wireName, value);
    }
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

  /** As a text it is exact in every language; the wire has numbers only. */
  static JsonNode number(JsonNode value) {
    return value.isTextual() && value.textValue().matches(DECIMAL)
        ? DecimalNode.valueOf(new BigDecimal(value.textValue()))
        : value;
  }

  /** What is kept of a refused event: no key, and not without end. */
  private static String masked(JsonNode content) {
    JsonNode copy = content.deepCopy();
    hide(copy);
    // Of a CloudEvent.
    hide(copy.path("data"));
    String json = copy.toString();
    return json.substring(0, Math.min(Bounds.EVENT_BYTES, json.length()));
  }

  private static void hide(JsonNode event) {
    if (event instanceof ObjectNode object) {
      for (String name : new String[] {"apiKey", "keyId"}) {
        if (object.has(name)) {
          object.put(name, "***");
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
