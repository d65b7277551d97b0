package io.billingsdk.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The time of an event that is encoded already, by either protocol. Thread-safe; has no state. */
public final class EncodedEvent {
  private static final String V2_TIME = "ts";
  private static final String V1_TIME = "timestamp";

  private EncodedEvent() {}

  /** Where the time stands in the bytes. */
  private record Time(long millis, int from, int to) {}

  /**
   * When it happened, in milliseconds since 1970.
   *
   * @throws MalformedMessageException when it is no event
   */
  public static long timeMillis(byte[] event) throws MalformedMessageException {
    return time(event).millis();
  }

  /**
   * The same event at another time: no other byte is changed, so that amounts and metadata stay as
   * they were written.
   *
   * @return the array itself for an offset of 0
   * @throws MalformedMessageException when it is no event, or its time would be none any more
   */
  public static byte[] moved(byte[] event, long offsetMillis) throws MalformedMessageException {
    if (offsetMillis == 0) {
      return event;
    }
    Time time = time(event);
    long moved = time.millis() + offsetMillis;
    if (!EventReader.isTime(moved)) {
      throw new MalformedMessageException("its time would be out of bounds");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(event.length + 1);
    bytes.write(event, 0, time.from());
    bytes.writeBytes(Long.toString(moved).getBytes(StandardCharsets.US_ASCII));
    bytes.write(event, time.to(), event.length - time.to());
    return bytes.toByteArray();
  }

  private static Time time(byte[] event) throws MalformedMessageException {
    // As a whole first: what is cut off behind its time is no event.
    var unused = Json.readExactly(event);
    try (JsonParser parser = Json.FACTORY.createParser(event)) {
      parser.nextToken();
      for (JsonToken name = parser.nextToken();
          name == JsonToken.FIELD_NAME;
          name = parser.nextToken()) {
        boolean isTime =
            parser.currentName().equals(V2_TIME) || parser.currentName().equals(V1_TIME);
        JsonToken value = parser.nextToken();
        Time time = isTime && value == JsonToken.VALUE_NUMBER_INT ? read(parser) : null;
        if (time != null && EventReader.isTime(time.millis())) {
          return time;
        }
        parser.skipChildren();
      }
    } catch (IOException malformed) {
      throw new MalformedMessageException("not a JSON document");
    }
    throw new MalformedMessageException("an event with a time was expected");
  }

  private static @Nullable Time read(JsonParser parser) throws IOException {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return null;
    }
    int from = (int) parser.currentTokenLocation().getByteOffset();
    return new Time(parser.getLongValue(), from, from + parser.getTextLength());
  }
}
