package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.Bounds;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A usage event in the envelope of CloudEvents 1.0 (its HTTP binding and JSON format): {@code data}
 * is the event, {@code time} when it happened, {@code subject} who used it, and {@code source} with
 * {@code id} its identity, under which it is counted once. Extensions are ignored, as the
 * specification wants.
 */
final class CloudEvent {
  static final String TYPE = "application/cloudevents+json";
  static final String BATCH_TYPE = "application/cloudevents-batch+json";

  private static final String VERSION = "1.0";
  private static final String CODE = "CLOUDEVENT_MALFORMED";
  private static final int ATTRIBUTE_CHARS = 1_024;

  private CloudEvent() {}

  /**
   * One whose attributes are headers, and whose data is the body.
   *
   * @param headers all of the request
   */
  static SentEvent binary(Map<String, List<String>> headers, JsonNode data, Clock clock) {
    ObjectNode envelope;
    try {
      envelope = CloudEventHeaders.attributes(headers);
    } catch (CloudEventHeaders.MalformedException malformed) {
      return EventBody.refused(CODE, String.valueOf(malformed.getMessage()), data);
    }
    envelope.set("data", data);
    return structured(envelope, clock);
  }

  /** One that is a JSON object with all of it. */
  static SentEvent structured(JsonNode envelope, Clock clock) {
    String wrong = wrong(envelope);
    if (!wrong.isEmpty()) {
      return EventBody.refused(CODE, wrong, envelope);
    }
    ObjectNode event = ((ObjectNode) envelope.path("data")).deepCopy();
    if (envelope.hasNonNull("time") && !event.has("occurredAt")) {
      event.set("occurredAt", envelope.path("time"));
    }
    if (envelope.hasNonNull("subject") && !event.has("subject")) {
      event.set("subject", envelope.path("subject"));
    }
    String identity = RequestIdentity.ofCloudEvent(text(envelope, "source"), text(envelope, "id"));
    return EventBody.read(event, identity, clock);
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
}
