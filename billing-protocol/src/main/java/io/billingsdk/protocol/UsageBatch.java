package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A batch of protocol v2, as a billing system reads it.
 *
 * @param stream the stream of all its events
 * @param secret the proof that the stream is the sender's; null when it has none
 * @param sentAtMillis the sender's clock when it was made
 * @param events at most {@link Bounds#BATCH_EVENTS}, in the order of the message
 */
public record UsageBatch(
    UUID stream, @Nullable StreamSecret secret, long sentAtMillis, List<ReceivedEvent> events) {
  /**
   * The stream of who only asks whether somebody is there: an empty batch of it has an empty
   * receipt, and its hello is answered and not kept.
   */
  public static final UUID PROBE = new UUID(0, 0);

  private static final int UUID_CHARS = 36;

  /** The events are copied. */
  public UsageBatch {
    events = List.copyOf(events);
  }

  /**
   * Reads a batch. An event that is malformed is an {@link ReceivedEvent.Invalid}; the others
   * count.
   *
   * @throws MalformedMessageException when the message as a whole is malformed, or an event in it
   *     has no number by which it could be refused
   */
  public static UsageBatch decode(byte[] message) throws MalformedMessageException {
    Json.requireUtf8(message);
    UsageBatch plain = FastBatchParser.read(message);
    return plain == null ? decodeTree(message) : plain;
  }

  /** Reads any batch, and says what is wrong with one. */
  static UsageBatch decodeTree(byte[] message) throws MalformedMessageException {
    JsonNode root = Json.readExactly(message);
    JsonNode list = root.path("events");
    if (!list.isArray() || list.size() > Bounds.BATCH_EVENTS) {
      throw new MalformedMessageException(
          "events must be a list of at most " + Bounds.BATCH_EVENTS);
    }
    List<ReceivedEvent> events = new ArrayList<>(list.size());
    for (JsonNode node : list) {
      long seq = seq(node);
      if (seq == 0) {
        throw new MalformedMessageException("seq of each event must be a number from 1");
      }
      events.add(EventReader.read(seq, node));
    }
    return new UsageBatch(
        stream(root), StreamSecret.read(root), root.path("sent_at").asLong(0), events);
  }

  /** The number of an event; 0 when it has none. */
  static long seq(JsonNode node) {
    JsonNode seq = node.path("seq");
    return seq.isIntegralNumber() && seq.canConvertToLong() && seq.longValue() > 0
        ? seq.longValue()
        : 0;
  }

  static UUID stream(JsonNode root) throws MalformedMessageException {
    JsonNode stream = root.path("stream");
    UUID uuid = stream.isTextual() ? uuid(stream.textValue()) : null;
    if (uuid != null) {
      return uuid;
    }
    throw new MalformedMessageException("stream must be a UUID");
  }

  /** Null when it is none, in the one form that each has. */
  static @Nullable UUID uuid(String text) {
    if (text.length() != UUID_CHARS) {
      return null;
    }
    try {
      UUID uuid = UUID.fromString(text);
      // The parser takes parts of other lengths too: two texts would be one stream.
      return uuid.toString().equalsIgnoreCase(text) ? uuid : null;
    } catch (IllegalArgumentException malformed) {
      // The caller reports it: the parser's message would quote the content.
      return null;
    }
  }
}
