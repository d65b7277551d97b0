package io.billingsdk.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A bound that the document states of a value in a request.
 *
 * @param in {@code query}, {@code path}, {@code header}, or the media type of a body
 * @param at the names that lead to the value; {@code *} is the first item of a list
 * @param keyword of the schema
 */
record Bound(Operation operation, String in, List<String> at, String keyword, JsonNode schema) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Up to here every whole number is a double. */
  private static final long EXACT = 1L << 53;

  private static final List<String> KEYWORDS =
      List.of(
          "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "enum", "format");

  /** All of an operation. */
  static List<Bound> of(Operation operation) {
    List<Bound> bounds = new ArrayList<>();
    for (String in : List.of("query", "path", "header")) {
      for (JsonNode parameter : operation.parameters(in)) {
        List<String> at = List.of(parameter.path("name").asText());
        add(bounds, new Bound(operation, in, at, "", parameter.path("schema")));
      }
    }
    JsonNode content = operation.node().at("/requestBody/content");
    for (Map.Entry<String, JsonNode> each : content.properties()) {
      JsonNode schema = each.getValue().path("schema");
      add(bounds, new Bound(operation, each.getKey(), List.of(), "", schema));
    }
    return bounds;
  }

  private static void add(List<Bound> bounds, Bound whole) {
    JsonNode schema = Operation.followed(whole.schema());
    for (String keyword : KEYWORDS) {
      if (schema.has(keyword)) {
        bounds.add(new Bound(whole.operation(), whole.in(), whole.at(), keyword, schema));
      }
    }
    schema.path("oneOf").forEach(part -> add(bounds, whole.with(part)));
    schema.path("allOf").forEach(part -> add(bounds, whole.with(part)));
    schema
        .path("properties")
        .properties()
        .forEach(each -> add(bounds, whole.below(each.getKey(), each.getValue())));
    if (schema.has("items")) {
      add(bounds, whole.below("*", schema.path("items")));
    }
  }

  private Bound with(JsonNode other) {
    return new Bound(operation, in, at, keyword, other);
  }

  private Bound below(String name, JsonNode other) {
    return new Bound(
        operation, in, Stream.concat(at.stream(), Stream.of(name)).toList(), keyword, other);
  }

  boolean isOfBody() {
    return in.contains("/");
  }

  /** The last name that leads to it. */
  String name() {
    return at.stream().filter(each -> !each.equals("*")).reduce("", (before, last) -> last);
  }

  /** What a refusal says of it; empty where it is no number. */
  String said() {
    JsonNode value = schema.path(keyword);
    if (!value.isNumber()) {
      return "";
    }
    return value.asLong() == EXACT ? "2^53" : value.decimalValue().toPlainString();
  }

  /** A value that the bound just does not allow. */
  JsonNode beyond() {
    return switch (keyword) {
      case "minLength" -> JSON.textNode("");
      case "maxLength" -> text(1);
      case "minimum" -> number(-1);
      case "maximum" -> number(1);
      case "minItems" -> JSON.arrayNode();
      case "maxItems" -> items(1);
      default -> JSON.textNode("none-of-these");
    };
  }

  /** The last value that it allows; empty where there is no last one. */
  Optional<JsonNode> within() {
    return switch (keyword) {
      case "minLength" -> Optional.of(JSON.textNode("a"));
      case "maxLength" -> Optional.of(text(0));
      case "minimum", "maximum" -> Optional.of(number(0));
      case "minItems", "maxItems" -> Optional.of(items(0));
      default -> Optional.empty();
    };
  }

  private JsonNode text(int more) {
    // Some patterns have capitals, others small letters, and those of digests digits alone.
    String letter = schema.path("pattern").asText().contains("[A-Z_]") ? "A" : "0";
    return JSON.textNode(letter.repeat(schema.path(keyword).asInt() + more));
  }

  private JsonNode number(int more) {
    BigDecimal bound = schema.path(keyword).decimalValue();
    BigDecimal step =
        schema.path("type").asText().equals("integer") || bound.scale() <= 0
            ? BigDecimal.ONE
            : bound.ulp();
    return JSON.numberNode(bound.add(step.multiply(BigDecimal.valueOf(more))));
  }

  /** As many as the bound has, each as small as it may be. */
  private JsonNode items(int more) {
    ArrayNode items = JSON.arrayNode();
    for (int i = 0; i < schema.path(keyword).asInt() + more; i++) {
      items.add(least(Operation.followed(schema.path("items")), i));
    }
    return items;
  }

  private static JsonNode least(JsonNode schema, int number) {
    if (schema.path("type").asText().equals("integer")) {
      return JSON.numberNode(schema.path("minimum").asInt() + number);
    }
    if (!schema.has("properties")) {
      return JSON.textNode("a" + number);
    }
    ObjectNode item = JSON.objectNode();
    for (JsonNode name : schema.path("required")) {
      JsonNode type = schema.path("properties").path(name.asText()).path("type");
      item.set(
          name.asText(),
          type.asText().equals("string") ? JSON.textNode("a" + number) : JSON.numberNode(1));
    }
    return item;
  }

  @Override
  public String toString() {
    return operation.id() + " " + in + " " + String.join(".", at) + " " + keyword + " " + said();
  }
}
