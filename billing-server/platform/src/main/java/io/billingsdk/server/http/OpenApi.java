package io.billingsdk.server.http;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI document of this API, as YAML and as JSON. It is written by hand, each feature its
 * part, and tested against the routes. The JSON is made when it is asked for first, so that no
 * start waits for it. Thread-safe.
 */
final class OpenApi {
  /** A path that is there twice would silently be the second one alone. */
  private static final ObjectMapper STRICT =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final byte[] yaml;
  private byte @Nullable [] json;

  private OpenApi(byte[] yaml) {
    this.yaml = yaml;
  }

  /** The frame of the document, and the parts of features in it. */
  static OpenApi of(List<URL> parts) {
    URL frame = Objects.requireNonNull(OpenApi.class.getResource("openapi.yaml"));
    try {
      OpenApiParts all = OpenApiParts.frame(text(frame));
      for (URL part : parts) {
        all.add(part.toString(), text(part));
      }
      return new OpenApi(all.text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException("the OpenAPI document cannot be read", broken);
    }
  }

  private static String text(URL part) throws IOException {
    try (InputStream resource = part.openStream()) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** As it is served. */
  byte[] yaml() {
    return yaml.clone();
  }

  private synchronized byte[] json() {
    byte[] made = json;
    if (made == null) {
      made = jsonOf(yaml);
      json = made;
    }
    return made;
  }

  private static byte[] jsonOf(byte[] yaml) {
    try {
      return new ObjectMapper().writeValueAsBytes(STRICT.readTree(yaml));
    } catch (IOException broken) {
      throw new UncheckedIOException("the OpenAPI document is no YAML", broken);
    }
  }

  List<Route> routes() {
    return List.of(
        Route.open(Route.BASE + "/openapi.yaml", request -> whole("application/yaml", yaml)),
        Route.open(Route.BASE + "/openapi.json", request -> whole(ApiResponse.JSON, json())));
  }

  private static ApiResponse whole(String contentType, byte[] body) {
    return new ApiResponse.Whole(200, contentType, body, Map.of());
  }
}
