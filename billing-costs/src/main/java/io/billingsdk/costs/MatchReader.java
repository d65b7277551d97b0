package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads which names of models a row is for. */
final class MatchReader {
  private static final int DEEPEST = 8;
  private static final String CHOICES =
      "an object with one of equals, starts_with, ends_with, contains, regex, or, and";

  private MatchReader() {}

  static ModelMatch read(String field, JsonNode node) {
    return read(field, node, 1);
  }

  private static ModelMatch read(String field, JsonNode node, int depth) {
    if (!node.isObject() || node.size() != 1 || depth > DEEPEST) {
      throw new CostInputException(field, CHOICES + ", at most " + DEEPEST + " deep", "another");
    }
    String name = node.fieldNames().next();
    JsonNode value = node.path(name);
    return switch (name) {
      case "equals" -> new ModelMatch.Is(text(field, value));
      case "starts_with" -> new ModelMatch.StartsWith(text(field, value));
      case "ends_with" -> new ModelMatch.EndsWith(text(field, value));
      case "contains" -> new ModelMatch.Contains(text(field, value));
      case "regex" -> ModelMatch.Regex.read(field, text(field, value));
      case "or" -> new ModelMatch.Any(parts(field, value, depth));
      case "and" -> new ModelMatch.All(parts(field, value, depth));
      default -> throw new CostInputException(field, CHOICES, '"' + name + '"');
    };
  }

  private static List<ModelMatch> parts(String field, JsonNode list, int depth) {
    List<ModelMatch> parts = new ArrayList<>();
    for (JsonNode each : list) {
      parts.add(read(field + "[" + parts.size() + "]", each, depth + 1));
    }
    if (parts.isEmpty()) {
      throw new CostInputException(field, "a list of at least one", "empty");
    }
    return parts;
  }

  private static String text(String field, JsonNode value) {
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw new CostInputException(field, "a text that is not empty", value.getNodeType());
    }
    return value.asText();
  }
}
