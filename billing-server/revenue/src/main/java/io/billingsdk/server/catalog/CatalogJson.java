package io.billingsdk.server.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.db.DatabaseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;

/** Plans and meters as JSON in one form: decimals are texts, since a number becomes a double. */
final class CatalogJson {
  static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private CatalogJson() {}

  /** In one line. */
  static String text(JsonNode tree) {
    return withTexts(tree).toString();
  }

  /** In lines, as a file. */
  static String lines(JsonNode tree) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(withTexts(tree)) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree cannot be written", impossible);
    }
  }

  /** The same with its decimals as texts. */
  static JsonNode withTexts(JsonNode tree) {
    if (tree.isBigDecimal()) {
      return JsonNodeFactory.instance.textNode(tree.decimalValue().toPlainString());
    }
    if (tree.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> each : tree.properties()) {
        copy.set(each.getKey(), withTexts(each.getValue()));
      }
      return copy;
    }
    if (tree.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      tree.forEach(each -> copy.add(withTexts(each)));
      return copy;
    }
    return tree;
  }

  /** What a row holds. */
  static JsonNode stored(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new DatabaseException(new SQLException("a plan or a meter in its row is malformed"));
    }
  }

  static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
