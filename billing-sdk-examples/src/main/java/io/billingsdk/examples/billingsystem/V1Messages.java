package io.billingsdk.examples.billingsystem;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.wire.Bounds;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The receiving end's half of protocol v1: reads reports, writes key updates. */
final class V1Messages {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(Bounds.JSON_DEPTH).build())
                  .build())
          // Doubles would not add up to what was sent.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          // {"usage":1}{"usage":2} is not one report.
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final BigDecimal MOST_USAGE = new BigDecimal(Bounds.USAGE_MAX);

  /** Digits after the point that a double can need; more would make sums arbitrarily costly. */
  private static final int MAX_SCALE = 340;

  private V1Messages() {}

  /** What makes a repeat recognisable. */
  record EventId(UUID stream, long seq) {}

  /**
   * A usage report.
   *
   * @param id null from a sender that does not number its reports: the Python SDK
   */
  record Report(
      @Nullable EventId id, String apiKey, String module, String model, BigDecimal usage) {
    @Override
    public String toString() {
      return "Report[id=" + id + ", module=" + module + ", model=" + model + "]";
    }
  }

  /**
   * Reads a report.
   *
   * @throws IOException when it is malformed; the message names the field, never its content
   */
  static Report report(byte[] message) throws IOException {
    JsonNode root = parse(message);
    String apiKey = text(root, "api_key");
    if (!Bounds.isWellFormedKey(apiKey)) {
      throw new IOException("api_key is malformed");
    }
    if (!root.path("timestamp").isIntegralNumber()) {
      throw new IOException("timestamp must be an integer");
    }
    JsonNode metadata = root.path("metadata");
    if (!metadata.isMissingNode() && !metadata.isObject()) {
      throw new IOException("metadata must be an object");
    }
    return new Report(
        id(root), apiKey, name(root, "module"), name(root, "model"), usage(root.path("usage")));
  }

  /** A key update with these states. */
  static byte[] keyUpdate(List<KeyRegister.State> states, long nowMillis) {
    ObjectNode root = MAPPER.createObjectNode().put("timestamp", nowMillis);
    ArrayNode updates = root.putArray("updates");
    for (KeyRegister.State state : states) {
      ObjectNode update =
          updates
              .addObject()
              .put("app_id", state.key().appId())
              .put("api_key", state.key().apiKey())
              .put("status", state.blockedFor() == null ? "ok" : "blocked");
      if (state.blockedFor() != null) {
        update.put("reason", state.blockedFor());
      }
    }
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree of texts can be written", impossible);
    }
  }

  private static JsonNode parse(byte[] message) throws IOException {
    JsonNode root;
    try {
      root = MAPPER.readTree(message);
    } catch (IOException malformed) {
      // Without the cause: a parser quotes what it stumbled over, and that can be a key.
      throw new IOException("not a JSON document");
    }
    if (root == null || !root.isObject()) {
      throw new IOException("not a JSON object");
    }
    return root;
  }

  private static @Nullable EventId id(JsonNode root) throws IOException {
    JsonNode stream = root.path("stream");
    JsonNode seq = root.path("seq");
    if (stream.isMissingNode() && seq.isMissingNode()) {
      return null;
    }
    if (!stream.isTextual() || !seq.isIntegralNumber() || !seq.canConvertToLong()) {
      throw new IOException("stream and seq must be a UUID and an integer, or both be absent");
    }
    try {
      return new EventId(UUID.fromString(stream.textValue()), seq.longValue());
    } catch (IllegalArgumentException malformed) {
      throw new IOException("stream must be a UUID");
    }
  }

  private static BigDecimal usage(JsonNode node) throws IOException {
    BigDecimal usage = node.isNumber() ? node.decimalValue() : BigDecimal.ONE.negate();
    boolean exact = usage.scale() <= MAX_SCALE && usage.precision() <= MAX_SCALE;
    if (usage.signum() < 0 || !exact || usage.compareTo(MOST_USAGE) > 0) {
      throw new IOException("usage must be a number from 0 to 2^53");
    }
    return usage;
  }

  private static String name(JsonNode root, String field) throws IOException {
    String name = text(root, field);
    if (name.isEmpty() || name.length() > Bounds.NAME_CHARS) {
      throw new IOException(field + " must have 1 to " + Bounds.NAME_CHARS + " characters");
    }
    return name;
  }

  private static String text(JsonNode root, String field) throws IOException {
    String text = root.path(field).textValue();
    if (text == null) {
      throw new IOException(field + " must be a text");
    }
    return text;
  }
}
