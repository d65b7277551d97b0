package io.billingsdk.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The schemas of the document, closed: an object has no other properties than those that its schema
 * names, unless {@code additionalProperties} says so. Clients must ignore properties that they do
 * not know, so the document itself leaves its schemas open; the server must not send one that the
 * document does not name. Thread-safe.
 */
final class ClosedSchemas {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private final JsonNode components;
  private final Map<JsonNode, Schema> ready = new ConcurrentHashMap<>();
  private final AtomicInteger names = new AtomicInteger();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          Dialect.builder(Dialects.getDraft202012())
              .keyword(new NonValidationKeyword("components"))
              .build(),
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder()
                      // Else a time may be any text.
                      .formatAssertionsEnabled(true)
                      .build()));

  ClosedSchemas(JsonNode document) {
    this.components = closed(document.path("components").deepCopy());
  }

  /** What is wrong with a value; empty when the schema allows it. */
  List<String> errors(JsonNode schema, JsonNode value) {
    return ready.computeIfAbsent(schema, this::compiled).validate(value).stream()
        .map(ClosedSchemas::text)
        .toList();
  }

  private static String text(Error error) {
    return error.getInstanceLocation() + ": " + error.getMessage();
  }

  /** With the components beside it, to which its references lead. */
  private Schema compiled(JsonNode schema) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.put("$schema", DIALECT);
    whole.setAll((ObjectNode) closed(schema.deepCopy()));
    whole.set("components", components);
    return registry.getSchema(SchemaLocation.of("urn:schema:" + names.incrementAndGet()), whole);
  }

  private static JsonNode closed(JsonNode node) {
    node.forEach(ClosedSchemas::closed);
    if (node instanceof ObjectNode object
        && isOfObjects(object.path("type"))
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    return node;
  }

  /** A property may be named {@code type}, too: its schema is then no text. */
  private static boolean isOfObjects(JsonNode type) {
    if (type.isArray()) {
      for (JsonNode each : type) {
        if (each.asText().equals("object")) {
          return true;
        }
      }
    }
    return type.isTextual() && type.asText().equals("object");
  }
}
