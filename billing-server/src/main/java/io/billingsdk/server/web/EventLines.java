package io.billingsdk.server.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.billingsdk.wire.Bounds;
import io.billingsdk.wire.ReceivedEvent;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
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

  private static final int BUFFER_BYTES = 1 << 16;
  private static final JsonNode NOTHING = TextNode.valueOf("");

  private final BufferedInputStream in;
  private final Reader reader;
  private long lines;
  private boolean ended;

  EventLines(InputStream in, Reader reader) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
    this.reader = reader;
  }

  /** Reads the event of a line. */
  @FunctionalInterface
  interface Reader {
    /** Reads it. */
    LongFunction<ReceivedEvent> read(JsonNode event, long line);
  }

  /** A line with an event; the first is 1. */
  record Line(long number, LongFunction<ReceivedEvent> event) {}

  /** Lines until now. */
  long lines() {
    return lines;
  }

  /** The next ones; none at the end. Empty lines are counted and left out. */
  List<Line> next() throws IOException {
    List<Line> chunk = new ArrayList<>();
    while (!ended && chunk.size() < CHUNK && (chunk.isEmpty() || in.available() > 0)) {
      byte[] line = line();
      if (line == null) {
        continue;
      }
      LongFunction<ReceivedEvent> event = event(line);
      if (event != null) {
        chunk.add(new Line(lines, event));
      }
    }
    return chunk;
  }

  private @Nullable LongFunction<ReceivedEvent> event(byte[] line) {
    if (line.length > LINE_BYTES) {
      return refused("a line must have at most " + LINE_BYTES + " bytes");
    }
    if (new String(line, StandardCharsets.ISO_8859_1).isBlank()) {
      return null;
    }
    try {
      return reader.read(Json.exactTree(line), lines);
    } catch (JsonProcessingException malformed) {
      return refused("event must be well-formed JSON, and no name twice in it");
    } catch (IOException unreadable) {
      return refused("event must be in UTF-8");
    }
  }

  private static LongFunction<ReceivedEvent> refused(String detail) {
    return EventBody.refused(EventBody.MALFORMED, detail, NOTHING);
  }

  /** A line without its end, cut off behind the bound; null at the end. */
  private byte @Nullable [] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int read = in.read();
    if (read < 0) {
      ended = true;
      return null;
    }
    lines++;
    for (; read >= 0 && read != '\n'; read = in.read()) {
      if (line.size() <= LINE_BYTES) {
        line.write(read);
      }
    }
    return line.toByteArray();
  }
}
