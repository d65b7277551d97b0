package io.billingsdk.server.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An OpenAPI 3.0 document of a provider, by which requests and answers are judged. */
final class ProviderSpec {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode paths;
  private final JsonNode components;
  private final Map<String, Schema> ready = new HashMap<>();
  private final AtomicInteger names = new AtomicInteger();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(Dialects.getDraft202012(), builder -> {});

  ProviderSpec(Path file) throws IOException {
    JsonNode document = JSON.readTree(file.toFile());
    this.paths = document.path("paths");
    this.components = nullable(document.path("components").deepCopy());
  }

  /** A null is a type of its own in JSON Schema; the words of OpenAPI 3.0 would be passed over. */
  private static JsonNode nullable(JsonNode node) {
    node.forEach(ProviderSpec::nullable);
    if (node instanceof ObjectNode schema && schema.path("nullable").asBoolean()) {
      schema.remove("nullable");
      ObjectNode inner = schema.deepCopy();
      schema.removeAll();
      ArrayNode either = JSON.createArrayNode().add(inner);
      either.add(JSON.createObjectNode().put("type", "null"));
      schema.set("anyOf", either);
    }
    return node;
  }

  /** What is wrong with the form of a request; empty when the document allows it. */
  List<String> form(String method, String path, JsonNode form) {
    JsonNode schema =
        operation(method, path)
            .path("requestBody")
            .path("content")
            .path("application/x-www-form-urlencoded")
            .path("schema");
    JsonNode ready = nullable(schema.deepCopy());
    return errors(method + " " + path, ready, typed(form.deepCopy(), ready));
  }

  /** What is wrong with the JSON of a request. */
  List<String> body(String method, String path, JsonNode body) {
    JsonNode schema =
        operation(method, path)
            .path("requestBody")
            .path("content")
            .path("application/json")
            .path("schema");
    return errors(method + " " + path, nullable(schema.deepCopy()), body);
  }

  /** What is wrong with an answer. */
  List<String> answer(String method, String path, int status, JsonNode body) {
    JsonNode responses = operation(method, path).path("responses");
    String name = Integer.toString(status);
    JsonNode response =
        referred(responses.has(name) ? responses.path(name) : responses.path("default"));
    JsonNode schema = response.path("content").path("application/json").path("schema");
    return errors(method + " " + path + " " + status, nullable(schema.deepCopy()), body);
  }

  /** What is wrong with an object by the name of its schema. */
  List<String> object(String schema, JsonNode object) {
    return errors(schema, components.path("schemas").path(schema), object);
  }

  private JsonNode referred(JsonNode response) {
    String to = response.path("$ref").asText("");
    return to.isEmpty() ? response : components.at(to.substring("#/components".length()));
  }

  /** Whether the document has the path. */
  boolean has(String path) {
    return paths.has(template(path));
  }

  private JsonNode operation(String method, String path) {
    JsonNode found = paths.path(template(path)).path(method.toLowerCase(java.util.Locale.ROOT));
    if (found.isMissingNode()) {
      throw new AssertionError("the document has no " + method + " " + path);
    }
    return found;
  }

  private String template(String path) {
    if (paths.has(path)) {
      return path;
    }
    String[] parts = path.split("/", -1);
    for (Iterator<String> all = paths.fieldNames(); all.hasNext(); ) {
      String each = all.next();
      if (matches(each.split("/", -1), parts)) {
        return each;
      }
    }
    return path;
  }

  private static boolean matches(String[] template, String[] path) {
    if (template.length != path.length) {
      return false;
    }
    for (int i = 0; i < path.length; i++) {
      if (!template[i].startsWith("{") && !template[i].equals(path[i])) {
        return false;
      }
    }
    return true;
  }

  private List<String> errors(String name, JsonNode schema, JsonNode value) {
    if (schema.isMissingNode() || schema.isEmpty()) {
      return List.of("the document has no schema of " + name);
    }
    Schema compiled = ready.computeIfAbsent(name, unused -> compiled(schema));
    return compiled.validate(value).stream()
        .map(each -> name + each.getInstanceLocation() + ": " + each.getMessage())
        .toList();
  }

  private Schema compiled(JsonNode schema) {
    ObjectNode whole = JSON.createObjectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.setAll((ObjectNode) schema.deepCopy());
    whole.set("components", components);
    return registry.getSchema(SchemaLocation.of("urn:provider:" + names.incrementAndGet()), whole);
  }

  /** A form has texts alone: numbers and flags become what the schema asks for. */
  private JsonNode typed(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      JsonNode described = resolved(schema, "properties");
      for (Iterator<String> all = object.deepCopy().fieldNames(); all.hasNext(); ) {
        String each = all.next();
        object.set(each, typed(object.get(each), described.path("properties").path(each)));
      }
    } else if (value instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        list.set(i, typed(list.get(i), resolved(schema, "items").path("items")));
      }
    } else if (hasType(schema, "integer") && value.asText().matches("-?[0-9]+")) {
      return JSON.getNodeFactory().numberNode(Long.parseLong(value.asText()));
    } else if (hasType(schema, "boolean") && value.asText().matches("true|false")) {
      return JSON.getNodeFactory().booleanNode(Boolean.parseBoolean(value.asText()));
    }
    return value;
  }

  private static JsonNode resolved(JsonNode schema, String part) {
    @Nullable JsonNode found = null;
    for (JsonNode each : schema.path("anyOf")) {
      found = found == null && !resolved(each, part).isMissingNode() ? resolved(each, part) : found;
    }
    return schema.has(part) || found == null ? schema : found;
  }

  private static boolean hasType(JsonNode schema, String type) {
    for (JsonNode each : schema.path("anyOf")) {
      if (hasType(each, type)) {
        return true;
      }
    }
    return schema.path("type").asText().equals(type);
  }
}
