package io.billingsdk.server.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.LastingExchange.ByteParts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that come as lines of JSON, as many at a time as are there: a line that has come does not
 * wait for the next. Holds a bounded part of them, however many and however long they are.
 */
final class EventLines {
  /** Lines at a time. */
  static final int CHUNK = 500;

  /** An event within the bounds is shorter, even with each of its characters escaped. */
  static final int LINE_BYTES = 8 * Bounds.EVENT_BYTES;

  /** A line that is longer than any event is refused and read over, up to here. */
  private static final int LONGEST_LINE = 64 * LINE_BYTES;

  private static final int BUFFER_BYTES = 1 << 14;
  private static final byte[] NONE = {};
  private static final JsonNode NOTHING = TextNode.valueOf("");

  private final ByteParts in;
  private final Reader reader;
  private byte[] buffer = NONE;
  private int from;
  private int to;
  private ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long lineBytes;
  private long lines;
  private boolean ended;
  private @Nullable IOException broken;

  EventLines(ByteParts in, Reader reader) {
    this.in = in;
    this.reader = reader;
  }

  /** Reads the event of a line. */
  @FunctionalInterface
  interface Reader {
    /** Reads it. */
    SentEvent read(JsonNode event, long line);
  }

  /** A line with an event; the first is 1. */
  record EventLine(long number, SentEvent event) {}

  /** A line does not come to an end. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("a line must have at most " + LINE_BYTES + " bytes, and one has " + LONGEST_LINE);
    }
  }

  /** Lines until now. */
  long lines() {
    return lines;
  }

  /**
   * The next ones, of those that have come; none when there are none just now, and at the end.
   * Empty lines are counted and left out.
   *
   * @throws IOException when it was cut; the lines that came whole before have been given by then,
   *     and the one that did not is none
   */
  List<EventLine> next() throws IOException {
    List<EventLine> chunk = new ArrayList<>();
    while (chunk.size() < CHUNK && (from < to || fill())) {
      take(chunk);
    }
    if (chunk.isEmpty() && broken != null) {
      throw broken;
    }
    if (ended && chunk.size() < CHUNK && lineBytes > 0) {
      finish(chunk);
    }
    return chunk;
  }

  /** Whether there are no more. */
  boolean hasEnded() {
    return ended && from == to;
  }

  /** More bytes; false when there are none, at the end or just now. */
  private boolean fill() {
    if (ended || broken != null) {
      return false;
    }
    try {
      // Not kept while nothing comes: there may be many that wait.
      buffer = buffer.length == 0 ? new byte[BUFFER_BYTES] : buffer;
      int read = in.read(buffer);
      from = 0;
      to = Math.max(0, read);
      ended = read < 0;
      buffer = read == 0 ? NONE : buffer;
      return read > 0;
    } catch (IOException cut) {
      broken = cut;
      return false;
    } catch (RuntimeException malformed) {
      // Jetty has those too, of a body that is no HTTP.
      broken = new IOException("the body cannot be read: " + malformed.getClass().getSimpleName());
      return false;
    }
  }

  /** The buffer up to the end of a line, or all of it. */
  private void take(List<EventLine> chunk) {
    int end = from;
    while (end < to && buffer[end] != '\n') {
      end++;
    }
    int kept = (int) Math.min(end - from, LINE_BYTES + 1L - line.size());
    line.write(buffer, from, kept);
    lineBytes += end - from;
    if (lineBytes > LONGEST_LINE) {
      broken = new TooLongException();
    }
    boolean whole = end < to;
    from = whole ? end + 1 : end;
    if (whole) {
      finish(chunk);
    }
  }

  private void finish(List<EventLine> chunk) {
    lines++;
    SentEvent event = event(line.toByteArray());
    if (lineBytes > BUFFER_BYTES) {
      // One long line must not be paid for as long as the stream lasts.
      line = new ByteArrayOutputStream();
    }
    line.reset();
    lineBytes = 0;
    if (event != null) {
      chunk.add(new EventLine(lines, event));
    }
  }

  private @Nullable SentEvent event(byte[] bytes) {
    if (bytes.length > LINE_BYTES) {
      return refused("a line must have at most " + LINE_BYTES + " bytes");
    }
    if (isBlank(bytes)) {
      return null;
    }
    try {
      return reader.read(Json.exactTree(bytes), lines);
    } catch (JsonProcessingException malformed) {
      return refused("event must be well-formed JSON without a repeated name");
    } catch (IOException unreadable) {
      return refused("event must be in UTF-8");
    }
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte each : bytes) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }

  private static SentEvent refused(String detail) {
    return EventBody.refused(EventBody.MALFORMED, detail, NOTHING);
  }
}
