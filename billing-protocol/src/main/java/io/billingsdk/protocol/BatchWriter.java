package io.billingsdk.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a batch of events of one stream from their journaled bytes: each event's {@code seq} is
 * spliced in front of it, so that what was stored is what is sent, whichever protocol it was
 * encoded for.
 *
 * <p>For one thread.
 */
public final class BatchWriter {
  private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);

  private final int maxBytes;
  private final List<byte[]> parts = new ArrayList<>();
  private int bytes;
  private int events;

  /**
   * An empty batch.
   *
   * @param maxBytes the most that {@link #toBytes} may return
   */
  public BatchWriter(UUID stream, long sentAtMillis, int maxBytes) {
    this(stream, null, sentAtMillis, maxBytes);
  }

  /**
   * The same, with the proof that the stream is the sender's.
   *
   * @param secret null for none
   */
  public BatchWriter(UUID stream, @Nullable StreamSecret secret, long sentAtMillis, int maxBytes) {
    this.maxBytes = maxBytes;
    String proof = secret == null ? "" : ",\"" + StreamSecret.FIELD + "\":\"" + secret.hex() + "\"";
    add(
        "{\"stream\":\""
            + stream
            + "\""
            + proof
            + ",\"sent_at\":"
            + sentAtMillis
            + ",\"events\":[");
  }

  /**
   * Adds an event, if there is room for it.
   *
   * @param body its journaled bytes, a JSON object; not copied
   * @return whether it was added
   */
  public boolean add(long seq, byte[] body) {
    String head = (events == 0 ? "" : ",") + "{\"seq\":" + seq + ",";
    // The body's own opening brace is left out.
    if (bytes + head.length() + body.length - 1 + TAIL.length > maxBytes) {
      return false;
    }
    add(head);
    parts.add(body);
    bytes += body.length - 1;
    events++;
    return true;
  }

  /** Events added so far. */
  public int events() {
    return events;
  }

  /** What {@link #toBytes} would take now. */
  public int size() {
    return bytes + TAIL.length;
  }

  /** The message. */
  public byte[] toBytes() {
    byte[] message = new byte[size()];
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      byte[] part = parts.get(i);
      // Heads and bodies take turns, after the head of the batch itself.
      int from = i > 0 && i % 2 == 0 ? 1 : 0;
      System.arraycopy(part, from, message, at, part.length - from);
      at += part.length - from;
    }
    System.arraycopy(TAIL, 0, message, at, TAIL.length);
    return message;
  }

  private void add(String ascii) {
    byte[] part = ascii.getBytes(StandardCharsets.US_ASCII);
    parts.add(part);
    bytes += part.length;
  }
}
