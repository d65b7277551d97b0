package io.billingsdk.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sign of life of an instance: on each connect and at an interval.
 *
 * @param version of the SDK
 * @param sentAtMillis the sender's clock
 * @param stream what it appends to now
 * @param lastSeq the last number that it gave in {@code stream}; 0 when none
 * @param keysVersion the version of its key table; 0 when it has none
 * @param keysWanted whether it asks for a snapshot of the key table
 * @param loss what it counted since its start
 * @param journal how its journal stands
 * @param dropped numbers that will never come, since their events were dropped on purpose
 */
public record Hello(
    String version,
    long sentAtMillis,
    UUID stream,
    long lastSeq,
    long keysVersion,
    boolean keysWanted,
    LossEquation loss,
    JournalState journal,
    List<Dropped> dropped) {

  /** The list is copied. */
  public Hello {
    dropped = List.copyOf(dropped);
  }

  /**
   * {@code accepted = delivered + pending + deadLettered + dropped}; {@code rejected} was never
   * accepted.
   */
  public record LossEquation(
      long accepted,
      long delivered,
      long pending,
      long deadLettered,
      long dropped,
      long rejected) {}

  /**
   * How a journal stands.
   *
   * @param oldestMillis when the oldest pending part was begun; null when nothing is pending
   */
  public record JournalState(
      boolean onDisk, long bytes, int segments, long quarantined, @Nullable Long oldestMillis) {}

  /** Numbers of one stream that will never come. */
  public record Dropped(UUID stream, List<SeqRange> ranges) {

    /** The list is copied. */
    public Dropped {
      ranges = List.copyOf(ranges);
    }
  }

  /** The message. */
  public byte[] encode() {
    return Json.object(
        json -> {
          json.writeNumberField("protocol", 2);
          json.writeStringField("version", version);
          json.writeNumberField("sent_at", sentAtMillis);
          json.writeStringField("stream", stream.toString());
          json.writeNumberField("last_seq", lastSeq);
          json.writeNumberField("keys_version", keysVersion);
          json.writeBooleanField("keys_wanted", keysWanted);
          writeLoss(json);
          writeJournal(json);
          writeDropped(json);
        });
  }

  /** Reads a sign of life. */
  public static Hello decode(byte[] message) throws MalformedMessageException {
    JsonNode root = Json.readObject(message);
    List<Dropped> dropped = new ArrayList<>();
    for (JsonNode node : root.path("dropped")) {
      dropped.add(new Dropped(UsageBatch.stream(node), SeqRange.read(node, "ranges")));
    }
    String version = KeyMask.masked(root.path("version").asText(""));
    return new Hello(
        version.length() <= Bounds.NAME_CHARS ? version : "",
        root.path("sent_at").asLong(0),
        UsageBatch.stream(root),
        count(root, "last_seq"),
        count(root, "keys_version"),
        root.path("keys_wanted").asBoolean(false),
        readLoss(root.path("loss")),
        readJournal(root.path("journal")),
        dropped);
  }

  private void writeLoss(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("loss");
    json.writeNumberField("accepted", loss.accepted());
    json.writeNumberField("delivered", loss.delivered());
    json.writeNumberField("pending", loss.pending());
    json.writeNumberField("dead_lettered", loss.deadLettered());
    json.writeNumberField("dropped", loss.dropped());
    json.writeNumberField("rejected", loss.rejected());
    json.writeEndObject();
  }

  private static LossEquation readLoss(JsonNode node) {
    return new LossEquation(
        count(node, "accepted"),
        count(node, "delivered"),
        count(node, "pending"),
        count(node, "dead_lettered"),
        count(node, "dropped"),
        count(node, "rejected"));
  }

  private void writeJournal(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("journal");
    json.writeBooleanField("on_disk", journal.onDisk());
    json.writeNumberField("bytes", journal.bytes());
    json.writeNumberField("segments", journal.segments());
    json.writeNumberField("quarantined", journal.quarantined());
    if (journal.oldestMillis() != null) {
      json.writeNumberField("oldest", journal.oldestMillis());
    }
    json.writeEndObject();
  }

  private static JournalState readJournal(JsonNode node) {
    JsonNode oldest = node.path("oldest");
    return new JournalState(
        node.path("on_disk").asBoolean(false),
        count(node, "bytes"),
        (int) Math.min(Integer.MAX_VALUE, count(node, "segments")),
        count(node, "quarantined"),
        oldest.isIntegralNumber() ? oldest.longValue() : null);
  }

  private void writeDropped(JsonGenerator json) throws IOException {
    if (dropped.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("dropped");
    for (Dropped part : dropped) {
      json.writeStartObject();
      json.writeStringField("stream", part.stream().toString());
      SeqRange.write(json, "ranges", part.ranges());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static long count(JsonNode node, String field) {
    return Math.max(0, node.path(field).asLong(0));
  }
}
