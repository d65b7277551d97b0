package io.billingsdk.protocol;

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
 * @param secret the proof that {@code stream} is the sender's; null when it has none
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
    List<Dropped> dropped,
    @Nullable StreamSecret secret) {

  /** More ranges than that a message does not say: an SDK remembers 256. */
  static final int MOST_RANGES = 1_024;

  /** The list is copied. */
  public Hello {
    dropped = List.copyOf(dropped);
  }

  /** One without a proof. */
  public Hello(
      String version,
      long sentAtMillis,
      UUID stream,
      long lastSeq,
      long keysVersion,
      boolean keysWanted,
      LossEquation loss,
      JournalState journal,
      List<Dropped> dropped) {
    this(
        version,
        sentAtMillis,
        stream,
        lastSeq,
        keysVersion,
        keysWanted,
        loss,
        journal,
        dropped,
        null);
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

  /**
   * Numbers of one stream that will never come.
   *
   * @param secret the proof that the stream is the sender's; null when it has none
   */
  public record Dropped(UUID stream, List<SeqRange> ranges, @Nullable StreamSecret secret) {

    /** The list is copied. */
    public Dropped {
      ranges = List.copyOf(ranges);
    }

    /** Without a proof. */
    public Dropped(UUID stream, List<SeqRange> ranges) {
      this(stream, ranges, null);
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
          writeSecret(json, secret);
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
    List<Dropped> dropped = readDropped(root.path("dropped"));
    String version = KeyMask.masked(root.path("version").asText(""));
    return new Hello(
        version.length() <= Bounds.NAME_CHARS ? version : "",
        time(root.path("sent_at")),
        UsageBatch.stream(root),
        count(root, "last_seq"),
        count(root, "keys_version"),
        root.path("keys_wanted").asBoolean(false),
        readLoss(root.path("loss")),
        readJournal(root.path("journal")),
        dropped,
        StreamSecret.read(root));
  }

  private static List<Dropped> readDropped(JsonNode list) throws MalformedMessageException {
    List<Dropped> dropped = new ArrayList<>();
    int ranges = 0;
    for (JsonNode node : list) {
      Dropped part =
          new Dropped(
              UsageBatch.stream(node), SeqRange.read(node, "ranges"), StreamSecret.read(node));
      ranges += Math.max(1, part.ranges().size());
      if (ranges > MOST_RANGES) {
        throw new MalformedMessageException("dropped must have at most 1024 ranges");
      }
      dropped.add(part);
    }
    return dropped;
  }

  /** A clock may say anything, and is no reason to refuse the rest. */
  private static long time(JsonNode node) {
    long millis = node.canConvertToLong() ? node.asLong(0) : 0;
    return EventReader.isTime(millis) ? millis : 0;
  }

  private static void writeSecret(JsonGenerator json, @Nullable StreamSecret secret)
      throws IOException {
    if (secret != null) {
      json.writeStringField(StreamSecret.FIELD, secret.hex());
    }
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

  private static LossEquation readLoss(JsonNode node) throws MalformedMessageException {
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

  private static JournalState readJournal(JsonNode node) throws MalformedMessageException {
    JsonNode oldest = node.path("oldest");
    return new JournalState(
        node.path("on_disk").asBoolean(false),
        count(node, "bytes"),
        (int) Math.min(Integer.MAX_VALUE, count(node, "segments")),
        count(node, "quarantined"),
        oldest.isIntegralNumber() && oldest.canConvertToLong() ? oldest.longValue() : null);
  }

  private void writeDropped(JsonGenerator json) throws IOException {
    if (dropped.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("dropped");
    for (Dropped part : dropped) {
      json.writeStartObject();
      json.writeStringField("stream", part.stream().toString());
      writeSecret(json, part.secret());
      SeqRange.write(json, "ranges", part.ranges());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static long count(JsonNode parent, String field) throws MalformedMessageException {
    JsonNode node = parent.path(field);
    long count = Math.max(0, node.asLong(0));
    if (count > Bounds.COUNT_MAX || (node.isNumber() && !node.canConvertToLong())) {
      throw new MalformedMessageException(field + " must be a number from 0 to 2^53");
    }
    return count;
  }
}
