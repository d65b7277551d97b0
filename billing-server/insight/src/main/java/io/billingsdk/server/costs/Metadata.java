package io.billingsdk.server.costs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the metadata of an event says about its cost. Immutable. */
record Metadata(JsonNode tree) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final int LONGEST = 200;
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,18})?");

  static Metadata of(@Nullable String json) {
    try {
      return new Metadata(json == null ? MissingNode.getInstance() : JSON.readTree(json));
    } catch (JsonProcessingException impossible) {
      return new Metadata(MissingNode.getInstance());
    }
  }

  /** A text that is not blank, or null. */
  @Nullable String text(String name) {
    JsonNode value = tree.path(name);
    String text = value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
    return text.isEmpty() || text.length() > LONGEST ? null : text;
  }

  String text(String name, String otherwise) {
    String text = text(name);
    return text == null ? otherwise : text;
  }

  /** A number, also as a text of plain decimals; null for anything else. */
  @Nullable BigDecimal number(String name) {
    JsonNode value = tree.path(name);
    String text = value.isNumber() ? value.decimalValue().toPlainString() : value.asText("");
    return DECIMAL.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  boolean isAbove(String name, BigDecimal bound) {
    BigDecimal number = number(name);
    return number != null && number.compareTo(bound) > 0;
  }
}
