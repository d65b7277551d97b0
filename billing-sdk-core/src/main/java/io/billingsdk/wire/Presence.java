package io.billingsdk.wire;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Whether a billing system of protocol v2 is there: a retained message, and its Will.
 *
 * @param online false once it has gone
 * @param protocol the highest protocol that it speaks
 * @param maxBatchBytes a batch may take, as sent and as expanded
 * @param maxBatchEvents a batch may hold
 */
public record Presence(boolean online, int protocol, int maxBatchBytes, int maxBatchEvents) {

  /** The presence of a system of protocol 2 with the bounds of this version. */
  public static Presence of(boolean online) {
    return new Presence(online, 2, Bounds.BATCH_BYTES, Bounds.BATCH_EVENTS);
  }

  /** The message. */
  public byte[] encode() {
    return Json.object(
        json -> {
          json.writeBooleanField("online", online);
          json.writeNumberField("protocol", protocol);
          json.writeNumberField("max_batch_bytes", maxBatchBytes);
          json.writeNumberField("max_batch_events", maxBatchEvents);
        });
  }

  /** Reads a presence. A limit that is absent, or higher than ours, is ours. */
  public static Presence decode(byte[] message) throws MalformedMessageException {
    JsonNode root = Json.readObject(message);
    if (!root.path("online").isBoolean() || !root.path("protocol").isInt()) {
      throw new MalformedMessageException("online must be a boolean and protocol a number");
    }
    return new Presence(
        root.path("online").booleanValue(),
        root.path("protocol").intValue(),
        limit(root, "max_batch_bytes", Bounds.EVENT_BYTES + 1_024, Bounds.BATCH_BYTES),
        limit(root, "max_batch_events", 1, Bounds.BATCH_EVENTS));
  }

  private static int limit(JsonNode root, String field, int least, int most) {
    return Math.max(least, Math.min(most, root.path(field).asInt(most)));
  }
}
