package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The time and the key of an event that is encoded already, by either protocol. Thread-safe; has no
 * state.
 */
public final class EncodedEvent {
  private static final String V2_TIME = "ts";
  private static final String V1_TIME = "timestamp";
  private static final String RAW_KEY = "api_key";
  private static final String HASHED_KEY = "key_sha256";

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

  /**
   * The same event with the hash of its API key in place of the key, which says the same to a
   * billing system of protocol v2; no other byte is changed.
   *
   * @return the array itself if there is no key in it
   * @throws MalformedMessageException when it is no event
   */
  public static byte[] withoutKey(byte[] event) throws MalformedMessageException {
    var unused = Json.readExactly(event);
    try (JsonParser parser = Json.FACTORY.createParser(event)) {
      parser.nextToken();
      for (JsonToken name = parser.nextToken();
          name == JsonToken.FIELD_NAME;
          name = parser.nextToken()) {
        boolean isKey = parser.currentName().equals(RAW_KEY);
        int from = (int) parser.currentTokenLocation().getByteOffset();
        JsonToken value = parser.nextToken();
        if (isKey && value == JsonToken.VALUE_STRING) {
          String hash = new KeyRef.RawKey(parser.getText()).hashed().hex();
          int to = (int) parser.currentLocation().getByteOffset();
          return spliced(event, from, "\"" + HASHED_KEY + "\":\"" + hash + "\"", to);
        }
        parser.skipChildren();
      }
    } catch (IOException malformed) {
      throw new MalformedMessageException("not a JSON document");
    }
    return event;
  }

  private static byte[] spliced(byte[] event, int from, String middle, int to) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(event.length + middle.length());
    bytes.write(event, 0, from);
    bytes.writeBytes(middle.getBytes(StandardCharsets.US_ASCII));
    bytes.write(event, to, event.length - to);
    return bytes.toByteArray();
  }

  private static Time time(byte[] event) throws MalformedMessageException {
    // As a whole first: a text that is cut off after its time is no event.
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
