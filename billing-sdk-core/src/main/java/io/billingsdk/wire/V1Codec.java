package io.billingsdk.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Codec of protocol v1, the Python SDK's wire: one JSON object a message, UTF-8.
 *
 * <p>Thread-safe; has no state.
 */
public final class V1Codec {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(Bounds.JSON_DEPTH).build())
          .build();

  /** Reads one document of which every field has one meaning; anything else is malformed. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(JSON)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private V1Codec() {}

  /**
   * Encodes an event, which must be within the {@link Bounds} but for its size.
   *
   * @return empty when it takes more than {@link Bounds#EVENT_BYTES}
   * @throws IOException when a text in it is not well-formed Unicode, or a number not finite: the
   *     metadata can change after it was held against the bounds
   */
  public static Optional<byte[]> encode(UsageReport report) throws IOException {
    BoundedJson bytes = new BoundedJson(Bounds.EVENT_BYTES);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (report.appId() != null) {
        json.writeStringField("app_id", wellFormed(report.appId()));
      }
      json.writeStringField("api_key", wellFormed(report.apiKey()));
      json.writeStringField("module", wellFormed(report.module()));
      json.writeStringField("model", wellFormed(report.model()));
      json.writeFieldName("usage");
      writeNumber(json, report.usage());
      json.writeNumberField("timestamp", report.timestampMillis());
      if (report.metadata() != null && !report.metadata().isEmpty()) {
        json.writeFieldName("metadata");
        writeValue(json, report.metadata());
      }
      json.writeEndObject();
    } catch (BoundedJson.TooLarge beyond) {
      return Optional.empty();
    }
    return Optional.of(bytes.toByteArray());
  }

  /**
   * The message for an encoded event: the same object with {@code stream} and {@code seq} in front,
   * spliced in, so that what was stored is what is sent.
   */
  public static byte[] message(byte[] encodedEvent, UUID stream, long seq) {
    byte[] head =
        ("{\"stream\":\"" + stream + "\",\"seq\":" + seq + ",").getBytes(StandardCharsets.US_ASCII);
    byte[] message = new byte[head.length + encodedEvent.length - 1];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(encodedEvent, 1, message, head.length, encodedEvent.length - 1);
    return message;
  }

  /** The message that asks for the key table. */
  public static byte[] keysRequest(long timestampMillis) {
    return ("{\"timestamp\":" + timestampMillis + "}").getBytes(StandardCharsets.US_ASCII);
  }

  /** The sign of life. */
  public static byte[] heartbeat(long timestampMillis) {
    return ("{\"type\":\"heartbeat\",\"timestamp\":" + timestampMillis + "}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Decodes a key update. A malformed entry is skipped and counted; the others count.
   *
   * @throws IOException when the message as a whole is malformed; its message holds no content
   */
  public static KeyUpdate decodeKeyUpdate(byte[] message) throws IOException {
    JsonNode root;
    try {
      root = MAPPER.readTree(message);
    } catch (IOException malformed) {
      // Without the cause: a parser quotes what it stumbled over, and that can be a key.
      throw new IOException("not a JSON document (" + malformed.getClass().getSimpleName() + ")");
    }
    if (root == null || !root.path("updates").isArray()) {
      throw new IOException("a JSON object with a list 'updates' was expected");
    }
    List<KeyUpdate.Entry> entries = new ArrayList<>();
    int skipped = 0;
    for (JsonNode node : root.path("updates")) {
      KeyUpdate.Entry entry = entry(node);
      if (entry == null) {
        skipped++;
      } else {
        entries.add(entry);
      }
    }
    return new KeyUpdate(root.path("timestamp").asLong(0), entries, skipped);
  }

  private static KeyUpdate.@Nullable Entry entry(JsonNode node) {
    JsonNode appId = node.path("app_id");
    JsonNode apiKey = node.path("api_key");
    JsonNode status = node.path("status");
    if (!appId.isTextual() || !status.isTextual() || !apiKey.isTextual()) {
      return null;
    }
    String app = appId.textValue();
    // Every event of the key carries it: one that cannot be encoded would refuse them all.
    if (!Bounds.isWellFormedKey(apiKey.textValue())
        || app.length() > Bounds.NAME_CHARS
        || !Bounds.isWellFormedText(app)) {
      return null;
    }
    JsonNode reason = node.path("reason");
    return new KeyUpdate.Entry(
        app,
        apiKey.textValue(),
        !status.textValue().equals("ok"),
        reason.isTextual() ? reason.textValue() : null);
  }

  private static String wellFormed(String text) throws IOException {
    if (!Bounds.isWellFormedText(text)) {
      throw new IOException("a text is not well-formed Unicode");
    }
    return text;
  }

  private static void writeValue(JsonGenerator json, @Nullable Object value) throws IOException {
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

  private static void writeNumber(JsonGenerator json, Number number) throws IOException {
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
