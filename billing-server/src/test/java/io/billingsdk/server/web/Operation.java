package io.billingsdk.server.web;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** An operation of the OpenAPI document, as the tests need it. */
record Operation(String method, String path, JsonNode node) {
  /** A path that is there twice would silently be the second one alone. */
  private static final ObjectMapper STRICT =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final JsonNode DOCUMENT = read();

  static JsonNode document() {
    return DOCUMENT;
  }

  static List<Operation> all() {
    List<Operation> all = new ArrayList<>();
    DOCUMENT
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        each -> {
                          if (METHODS.contains(each.getKey())) {
                            all.add(
                                new Operation(
                                    each.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    each.getValue()));
                          }
                        }));
    return all;
  }

  String id() {
    return node.path("operationId").asText();
  }

  boolean isPublic() {
    return node.path("x-public").asBoolean();
  }

  boolean isAppScoped() {
    return node.path("x-app-scoped").asBoolean();
  }

  /** Whether its answer is JSON when all goes well. */
  boolean isJson() {
    return ok().has("application/json");
  }

  /** Whether its answer does not end by itself. */
  boolean isStreamed() {
    return ok().has("text/event-stream");
  }

  private JsonNode ok() {
    JsonNode responses = node.path("responses");
    return responses.has("201") ? responses.at("/201/content") : responses.at("/200/content");
  }

  /** {@code read}, {@code write}, or {@code public}. */
  String access() {
    return isPublic() ? "public" : node.path("x-scope").asText("none");
  }

  /** Of the query, the path or a header: with the references followed. */
  List<JsonNode> parameters(String in) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode each : node.path("parameters")) {
      JsonNode parameter = followed(each);
      if (parameter.path("in").asText().equals(in)) {
        found.add(parameter);
      }
    }
    return found;
  }

  /** A node, or the one that it refers to. */
  static JsonNode followed(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
  }

  String line() {
    Set<String> names = new TreeSet<>();
    parameters("query").forEach(each -> names.add(each.path("name").asText()));
    return String.join(" ", method, path, access(), isAppScoped() ? "app" : "-", names.toString());
  }

  private static JsonNode read() {
    try (InputStream yaml =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.yaml"))) {
      return STRICT.readTree(yaml);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }
}
