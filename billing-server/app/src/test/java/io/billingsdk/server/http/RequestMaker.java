package io.billingsdk.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Requests of the operations of the document, from a seed. */
final class RequestMaker {
  private final Random random;
  private final SchemaValues values;
  private final Map<String, List<String>> known;
  private boolean certain;

  /**
   * Makes requests.
   *
   * @param known of parameters of paths and queries the values that mean something, and of fields
   *     of bodies, as {@code body.seq}
   */
  RequestMaker(Random random, Map<String, List<String>> known) {
    this.random = random;
    this.values = new SchemaValues(random, known);
    this.known = known;
  }

  /** The same, which takes no other values than those that are known. */
  RequestMaker certain() {
    certain = true;
    return this;
  }

  /**
   * A request.
   *
   * @param latin1 the bytes of its body, each as a character; null for no body
   */
  record MadeRequest(String path, @Nullable String latin1, List<String> headers) {
    static MadeRequest of(String path, byte @Nullable [] body, List<String> headers) {
      return new MadeRequest(
          path, body == null ? null : new String(body, StandardCharsets.ISO_8859_1), headers);
    }

    byte @Nullable [] body() {
      return latin1 == null ? null : latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** One that the document allows. */
  MadeRequest valid(Operation operation) {
    String type = mediaType(operation);
    JsonNode body = body(operation, type);
    return MadeRequest.of(
        path(operation, /* strange= */ false) + query(operation, /* strange= */ false),
        body == null ? null : bytes(body.toString()),
        body == null ? List.of() : List.of("Content-Type", type));
  }

  /** One that it may or may not allow. */
  MadeRequest any(Operation operation) {
    String path = path(operation, random.nextInt(8) == 0);
    String query = query(operation, random.nextInt(3) == 0);
    String type = mediaType(operation);
    List<String> headers = new ArrayList<>();
    headers.add("Content-Type");
    headers.add(
        switch (random.nextInt(20)) {
          case 0 -> "text/plain";
          case 1 -> type + "; charset=utf-8";
          case 2 -> "application/jsonx";
          case 3 -> "multipart/form-data";
          case 4 -> "application/x-www-form-urlencoded";
          default -> type;
        });
    if (random.nextInt(4) == 0) {
      headers.add("Idempotency-Key");
      headers.add(random.nextInt(4) == 0 ? "k".repeat(300) : "key" + random.nextInt(50));
    }
    if (random.nextInt(10) == 0) {
      headers.add("Accept");
      headers.add(random.nextBoolean() ? "text/html" : "*/*;q=x");
    }
    return MadeRequest.of(path + query, anyBody(operation, type), headers);
  }

  private byte @Nullable [] anyBody(Operation operation, String type) {
    JsonNode body = body(operation, type);
    if (body == null) {
      return random.nextInt(5) == 0 ? bytes("{\"x\":1}") : null;
    }
    if (random.nextInt(2) == 0 && body instanceof ObjectNode object) {
      values.mutate(object);
    }
    String text = body.toString();
    return switch (random.nextInt(24)) {
      case 0 -> bytes(text.substring(0, random.nextInt(text.length())));
      case 1 -> bytes(text + "{}");
      case 2 -> bytes("[" + text + "]");
      case 3 -> bytes("[".repeat(5_000));
      case 4 -> bytes(text.replace("{", "{\"reason\":1,\"reason\":2,"));
      case 5 -> new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'};
      case 6 -> bytes("{\"limit\":" + "9".repeat(2_000) + "}");
      case 7 -> flipped(bytes(text));
      case 8 -> new byte[0];
      default -> bytes(text);
    };
  }

  private byte[] flipped(byte[] bytes) {
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  /** One of those that the operation takes. */
  private String mediaType(Operation operation) {
    List<String> types = operation.mediaTypes();
    return types.isEmpty() ? "application/json" : types.get(random.nextInt(types.size()));
  }

  private @Nullable JsonNode body(Operation operation, String type) {
    JsonNode request = operation.node().path("requestBody");
    if (!request.path("required").asBoolean() && random.nextBoolean()) {
      return null;
    }
    JsonNode schema = request.path("content").path(type).path("schema");
    return schema.isMissingNode() ? null : values.within(schema);
  }

  private String path(Operation operation, boolean strange) {
    String path = operation.path();
    for (JsonNode parameter : operation.parameters("path")) {
      String name = parameter.path("name").asText();
      path = path.replace("{" + name + "}", encoded(value(parameter, strange)));
    }
    return path;
  }

  private String query(Operation operation, boolean strange) {
    List<String> query = new ArrayList<>();
    for (JsonNode parameter : operation.parameters("query")) {
      String name = parameter.path("name").asText();
      // A cursor that is right comes from a page alone.
      boolean given =
          strange ? random.nextBoolean() : !name.equals("cursor") && required(parameter);
      if (given) {
        query.add(name + "=" + encoded(value(parameter, strange)));
      }
    }
    if (strange && random.nextInt(6) == 0) {
      query.add(query.isEmpty() ? "nothing=1" : query.get(0));
    }
    return query.isEmpty() ? "" : "?" + String.join("&", query);
  }

  private boolean required(JsonNode parameter) {
    if (certain) {
      // Others may contradict each other, which no schema says.
      return parameter.path("required").asBoolean()
          || known.containsKey(parameter.path("name").asText());
    }
    return parameter.path("required").asBoolean() || random.nextInt(3) == 0;
  }

  private String value(JsonNode parameter, boolean strange) {
    List<String> some = known.getOrDefault(parameter.path("name").asText(), List.of());
    if (!some.isEmpty() && (certain || random.nextInt(4) != 0)) {
      return some.get(random.nextInt(some.size()));
    }
    if (strange && random.nextBoolean()) {
      String text = values.strange().asText();
      // Half a surrogate pair has no form in a URI.
      return text.contains("\uD800") || text.isEmpty() ? "%" : text;
    }
    return values.within(parameter.path("schema")).asText();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
