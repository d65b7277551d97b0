package io.billingsdk.server.web;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The OpenAPI document of this API, as YAML and as JSON. It is written by hand, and tested. */
final class OpenApi {
  /** A path that is there twice would silently be the second one alone. */
  private static final ObjectMapper STRICT =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final byte[] yaml;
  private final byte[] json;

  private OpenApi(byte[] yaml, byte[] json) {
    this.yaml = yaml;
    this.json = json;
  }

  static OpenApi load() {
    try (InputStream resource =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.yaml"))) {
      byte[] yaml = resource.readAllBytes();
      JsonNode tree = STRICT.readTree(yaml);
      return new OpenApi(yaml, new ObjectMapper().writeValueAsBytes(tree));
    } catch (IOException broken) {
      throw new UncheckedIOException("the OpenAPI document cannot be read", broken);
    }
  }

  List<Route> routes() {
    return List.of(
        Route.open(Route.BASE + "/openapi.yaml", request -> whole("application/yaml", yaml)),
        Route.open(Route.BASE + "/openapi.json", request -> whole(Answer.JSON, json)));
  }

  private static Answer whole(String contentType, byte[] body) {
    return new Answer.Whole(200, contentType, body, Map.of());
  }
}
