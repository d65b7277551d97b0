package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether a billing system of protocol v2 is there: a retained message, and its Will.
 *
 * @param online false once it has gone
 * @param protocol the highest protocol that it speaks
 * @param maxBatchBytes a batch may take, as sent and as expanded
 * @param maxBatchEvents a batch may hold
 * @param ledger the identity of the ledger that it commits to; a restored one has another. Null
 *     when it does not say
 */
public record Presence(
    boolean online, int protocol, int maxBatchBytes, int maxBatchEvents, @Nullable UUID ledger) {

  /** The presence of a system that does not say what its ledger is. */
  public Presence(boolean online, int protocol, int maxBatchBytes, int maxBatchEvents) {
    this(online, protocol, maxBatchBytes, maxBatchEvents, null);
  }

  /** The presence of a system of protocol 2 with the bounds of this version. */
  public static Presence of(boolean online) {
    return new Presence(online, 2, Bounds.BATCH_BYTES, Bounds.BATCH_EVENTS);
  }

  /** The same of a system that commits to this ledger. */
  public Presence withLedger(UUID newLedger) {
    return new Presence(online, protocol, maxBatchBytes, maxBatchEvents, newLedger);
  }

  /** The message. */
  public byte[] encode() {
    return Json.object(
        json -> {
          json.writeBooleanField("online", online);
          json.writeNumberField("protocol", protocol);
          json.writeNumberField("max_batch_bytes", maxBatchBytes);
          json.writeNumberField("max_batch_events", maxBatchEvents);
          if (ledger != null) {
            json.writeStringField("ledger", ledger.toString());
          }
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
        limit(root, "max_batch_events", 1, Bounds.BATCH_EVENTS),
        ledger(root.path("ledger")));
  }

  private static @Nullable UUID ledger(JsonNode field) throws MalformedMessageException {
    if (field.isMissingNode() || field.isNull()) {
      return null;
    }
    UUID ledger = field.isTextual() ? UsageBatch.uuid(field.textValue()) : null;
    if (ledger == null) {
      throw new MalformedMessageException("ledger must be a UUID");
    }
    return ledger;
  }

  private static int limit(JsonNode root, String field, int least, int most) {
    return Math.max(least, Math.min(most, root.path(field).asInt(most)));
  }
}
