package io.billingsdk.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Values that a schema of the document allows, and values that it does not. */
final class SchemaValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String LETTERS = "abcXYZ019_-";

  /** Of ids that people write into files. */
  private static final String SLUG = "abc_xyz019";

  private final Random random;
  private final Map<String, List<String>> known;

  /**
   * Makes values.
   *
   * @param known of the fields of bodies, as {@code body.seq}, the values that mean something
   */
  SchemaValues(Random random, Map<String, List<String>> known) {
    this.random = random;
    this.known = known;
  }

  /** A value within the schema. */
  JsonNode within(JsonNode unresolved) {
    JsonNode schema = Operation.followed(unresolved);
    if (schema.has("oneOf")) {
      return within(pick(schema.path("oneOf")));
    }
    if (schema.has("allOf")) {
      ObjectNode all = JSON.objectNode();
      schema.path("allOf").forEach(part -> all.setAll((ObjectNode) within(part)));
      return all;
    }
    if (schema.has("enum")) {
      return pick(schema.path("enum"));
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? pick(type).asText() : type.asText()) {
      case "object" -> object(schema);
      case "array" -> array(schema);
      case "integer" -> JSON.numberNode(whole(schema));
      case "number" ->
          JSON.numberNode(
              schema.path("minimum").asDouble(0)
                  + random.nextDouble() * Math.min(1_000, schema.path("maximum").asDouble(1_000)));
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      case "null" -> JSON.nullNode();
      default -> JSON.textNode(text(schema));
    };
  }

  private long whole(JsonNode schema) {
    long least = schema.path("minimum").asLong(0);
    long most = schema.path("maximum").asLong(1_000);
    return least + (long) (random.nextDouble() * (most - least));
  }

  private JsonNode object(JsonNode schema) {
    ObjectNode object = JSON.objectNode();
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    schema
        .path("properties")
        .properties()
        .forEach(
            each -> {
              if (required.contains(each.getKey()) || random.nextBoolean()) {
                object.set(each.getKey(), field(each.getKey(), each.getValue()));
              }
            });
    return object;
  }

  private JsonNode field(String name, JsonNode schema) {
    List<String> some = known.getOrDefault("body." + name, List.of());
    if (some.isEmpty() || random.nextInt(4) == 0) {
      return within(schema);
    }
    String value = some.get(random.nextInt(some.size()));
    return Operation.followed(schema).path("type").asText().equals("integer")
        ? JSON.numberNode(Long.parseLong(value))
        : JSON.textNode(value);
  }

  private JsonNode array(JsonNode schema) {
    ArrayNode array = JSON.arrayNode();
    int size = random.nextInt(3);
    for (int i = 0; i < size; i++) {
      array.add(within(schema.path("items")));
    }
    return array;
  }

  private String text(JsonNode schema) {
    String format = schema.path("format").asText();
    if (format.equals("date-time")) {
      return Instant.ofEpochSecond(random.nextLong(4_000_000_000L) + 1).toString();
    }
    if (format.equals("uuid")) {
      return new UUID(random.nextLong(), random.nextLong()).toString();
    }
    if (schema.path("pattern").asText().contains("0-9a-fA-F")) {
      return "%064x".formatted(random.nextLong() & Long.MAX_VALUE);
    }
    if (schema.path("pattern").asText().contains("A-Z_]")) {
      return "TOO_OLD";
    }
    int length = 1 + random.nextInt(Math.min(12, schema.path("maxLength").asInt(12)));
    String letters = schema.path("pattern").asText().contains("[a-z0-9_") ? SLUG : LETTERS;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  /** Any value, whatever the schema. */
  JsonNode strange() {
    return switch (random.nextInt(16)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.textNode("");
      case 2 -> JSON.textNode("\0");
      case 3 -> JSON.textNode("x".repeat(300 + random.nextInt(2_000)));
      case 4 -> JSON.textNode("\uD800");
      case 5 -> JSON.numberNode(Long.MAX_VALUE);
      case 6 -> JSON.numberNode(new java.math.BigDecimal("1e400"));
      case 7 -> JSON.numberNode(-1);
      case 8 -> JSON.numberNode(Double.MIN_VALUE);
      case 9 -> JSON.booleanNode(true);
      case 10 -> JSON.arrayNode().add(JSON.objectNode()).add(1);
      case 11 -> JSON.objectNode().put("x", "y");
      case 12 -> JSON.textNode("9999-99-99T99:99:99Z");
      case 13 -> JSON.textNode("+1000000000-12-31T23:59:59Z");
      case 14 -> JSON.textNode("'; DROP TABLE app; -- %s ${x} <b> \u202e");
      default -> JSON.textNode(" ");
    };
  }

  /** The same object with something wrong in it, or right in another way. */
  void mutate(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    String name = names.isEmpty() ? "x" : names.get(random.nextInt(names.size()));
    switch (random.nextInt(4)) {
      case 0 -> object.remove(name);
      case 1 -> object.set("unknown" + random.nextInt(9), strange());
      case 2 -> {
        if (object.get(name) instanceof ObjectNode inner) {
          mutate(inner);
        } else {
          object.set(name, strange());
        }
      }
      default -> object.set(name, strange());
    }
  }

  private JsonNode pick(JsonNode list) {
    return list.get(random.nextInt(list.size()));
  }
}
