package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How all messages are written and read as JSON. */
final class Json {
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(Bounds.JSON_DEPTH).build())
          // That of Jackson's default stays with every thread that reports, and keeps the class
          // loader for as long as the host's threads live.
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .build();

  /** Reads one document in which every field has one meaning; any other is malformed. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(FACTORY)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Keeps numbers with a fraction as they were written: an amount is not a double. */
  private static final ObjectMapper EXACT =
      MAPPER.copy().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Json() {}

  /** Something that writes one object. */
  interface Body {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** The bytes of one object, whose fields {@code body} writes. */
  static byte[] object(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      body.writeTo(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return bytes.toByteArray();
  }

  /** Reads an object. */
  static JsonNode readObject(byte[] message) throws MalformedMessageException {
    return read(MAPPER, message);
  }

  /** Reads an object that holds amounts. */
  static JsonNode readExactly(byte[] message) throws MalformedMessageException {
    return read(EXACT, message);
  }

  private static JsonNode read(ObjectMapper mapper, byte[] message)
      throws MalformedMessageException {
    requireUtf8(message);
    JsonNode root;
    try {
      root = mapper.readTree(message);
    } catch (IOException | NumberFormatException malformed) {
      // Without the cause: a parser quotes what it stumbled over, and that can be a key.
      throw new MalformedMessageException(
          "not a JSON document (" + malformed.getClass().getSimpleName() + ")");
    }
    if (root == null || !root.isObject()) {
      throw new MalformedMessageException("a JSON object was expected");
    }
    return root;
  }

  /** Refuses what only a lenient reader takes for text. */
  static void requireUtf8(byte[] message) throws MalformedMessageException {
    if (!Utf8.isWellFormed(message)) {
      throw new MalformedMessageException("not in UTF-8");
    }
  }

  static String wellFormed(String text) throws IOException {
    if (!Bounds.isWellFormedText(text)) {
      throw new IOException("a text is not well-formed Unicode");
    }
    return text;
  }

  static void writeValue(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(wellFormed(String.valueOf(entry.getKey())));
        writeValue(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Iterable<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        writeValue(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Number number) {
      writeNumber(json, number);
    } else {
      json.writeString(wellFormed(value.toString()));
    }
  }

  static void writeNumber(JsonGenerator json, Number number) throws IOException {
    if (number instanceof BigDecimal decimal) {
      json.writeNumber(decimal);
    } else if (number instanceof BigInteger integer) {
      json.writeNumber(integer);
    } else if (number instanceof Double || number instanceof Float) {
      writeDouble(json, number);
    } else {
      json.writeNumber(number.longValue());
    }
  }

  /** A whole number without a fraction: the peer's type for counts is an integer. */
  private static void writeDouble(JsonGenerator json, Number number) throws IOException {
    double value = number.doubleValue();
    if (value == Math.rint(value) && Math.abs(value) <= Bounds.USAGE_MAX) {
      json.writeNumber((long) value);
    } else if (!Double.isFinite(value)) {
      throw new IOException("JSON has no number for " + value);
    } else {
      json.writeNumber(number.toString());
    }
  }
}
