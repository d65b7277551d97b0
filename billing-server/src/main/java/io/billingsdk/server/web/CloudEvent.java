package io.billingsdk.server.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.wire.Bounds;
import io.billingsdk.wire.KeyRef;
import io.billingsdk.wire.ReceivedEvent;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * A usage event in the envelope of CloudEvents 1.0 (its HTTP binding and JSON format): {@code data}
 * is the event, {@code time} when it happened, and {@code source} with {@code id} its identity,
 * which becomes its idempotency key. Extensions are ignored, as the specification wants.
 */
final class CloudEvent {
  static final String TYPE = "application/cloudevents+json";
  static final String BATCH_TYPE = "application/cloudevents-batch+json";

  private static final String VERSION = "1.0";
  private static final String CODE = "CLOUDEVENT_MALFORMED";
  private static final int ATTRIBUTE_CHARS = 1_024;

  private CloudEvent() {}

  /** Whether a request in the binary mode carries one: the attributes are headers. */
  static boolean isBinary(Function<String, Optional<String>> headers) {
    return headers.apply("ce-specversion").isPresent();
  }

  /** One whose attributes are headers, and whose data is the body. */
  static LongFunction<ReceivedEvent> binary(
      Function<String, Optional<String>> headers, JsonNode data, Clock clock) {
    ObjectNode envelope = JsonNodeFactory.instance.objectNode();
    for (String name : new String[] {"specversion", "id", "source", "type", "time"}) {
      headers.apply("ce-" + name).ifPresent(value -> envelope.put(name, decoded(value)));
    }
    envelope.set("data", data);
    return structured(envelope, clock);
  }

  /** One that is a JSON object with all of it. */
  static LongFunction<ReceivedEvent> structured(JsonNode envelope, Clock clock) {
    String wrong = wrong(envelope);
    if (!wrong.isEmpty()) {
      return EventBody.refused(CODE, wrong, envelope);
    }
    ObjectNode event = ((ObjectNode) envelope.path("data")).deepCopy();
    if (envelope.hasNonNull("time") && !event.has("occurredAt")) {
      event.set("occurredAt", envelope.path("time"));
    }
    return EventBody.read(event, identity(text(envelope, "source"), text(envelope, "id")), clock);
  }

  /**
   * Two events have one identity only when they agree in both: a URI reference has no bar in it.
   * What does not fit into a key is hashed, with the length of one part before both.
   */
  static String identity(String source, String id) {
    String both = source + "|" + id;
    return source.contains("|") || !Bounds.isWellFormedIdempotencyKey(both)
        ? "sha256:" + KeyRef.sha256(source.length() + ":" + source + id)
        : both;
  }

  private static String wrong(JsonNode envelope) {
    if (!envelope.isObject()) {
      return "a CloudEvent must be a JSON object";
    }
    if (!text(envelope, "specversion").equals(VERSION)) {
      return "specversion must be " + VERSION;
    }
    for (String name : new String[] {"id", "source", "type"}) {
      String value = text(envelope, name);
      if (value.isEmpty() || value.length() > ATTRIBUTE_CHARS || !Bounds.isWellFormedText(value)) {
        return name + " must be a text of 1 to " + ATTRIBUTE_CHARS + " characters";
      }
    }
    return envelope.path("data").isObject() ? "" : "data must be a JSON object, the usage event";
  }

  private static String text(JsonNode envelope, String name) {
    JsonNode value = envelope.path(name);
    return value.isTextual() ? value.textValue() : "";
  }

  /** The HTTP binding encodes what is not printable ASCII with percent signs. */
  private static String decoded(String header) {
    try {
      return URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return header;
    }
  }
}
