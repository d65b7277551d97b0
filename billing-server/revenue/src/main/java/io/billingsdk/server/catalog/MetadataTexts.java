package io.billingsdk.server.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of metadata as texts, each as PostgreSQL has it, so that both find the same events.
 */
final class MetadataTexts {
  // A number keeps its digits: 1.50 is another text than 1.5.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private MetadataTexts() {}

  /** By name; a null, a list and a map have no text, and are not there. */
  static Map<String, String> of(String metadata) {
    Map<String, String> texts = new HashMap<>();
    try {
      for (Map.Entry<String, JsonNode> each : JSON.readTree(metadata).properties()) {
        String text = text(each.getValue());
        if (text != null) {
          texts.put(each.getKey(), text);
        }
      }
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("metadata in the ledger are no JSON", malformed);
    }
    return texts;
  }

  private static @Nullable String text(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue().toPlainString();
    }
    return value.isTextual() || value.isBoolean() ? value.asText() : null;
  }
}
