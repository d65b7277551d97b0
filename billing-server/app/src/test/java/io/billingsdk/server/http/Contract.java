package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Holds answers against the document: the status, the media type, the headers and the body must be
 * those of the operation, and no property and no header may come that the document does not name.
 * An answer of no operation must be a problem, unless it is a page. Thread-safe.
 */
final class Contract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ClosedSchemas SCHEMAS = new ClosedSchemas(Operation.document());
  private static final JsonNode PROBLEM = Operation.document().at("/components/responses/problem");

  /** Of HTTP itself, and those that each answer has, lest a browser or a proxy keeps it. */
  private static final Set<String> COMMON =
      Set.of(
          "date",
          "connection",
          "content-type",
          "content-length",
          "transfer-encoding",
          "x-content-type-options",
          "cache-control",
          "x-accel-buffering");

  private final LongAdder bodies = new LongAdder();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /** An answer, with the names of its headers in small letters. */
  record Answered(
      String method, String path, int status, Map<String, String> headers, String body) {
    Answered {
      Map<String, String> small = new TreeMap<>();
      headers.forEach((name, value) -> small.put(name.toLowerCase(Locale.ROOT), value));
      headers = small;
    }

    /** Without what follows the type. */
    String mediaType() {
      return headers.getOrDefault("content-type", "").split(";", 2)[0].strip();
    }

    @Override
    public String toString() {
      return method + " " + path + " -> " + status + " " + headers + " " + body;
    }
  }

  /** How many bodies were held against a schema. */
  long bodies() {
    return bodies.sum();
  }

  /** What of the document was seen: operations, each with a status or {@code default}. */
  Set<String> seen() {
    return Set.copyOf(seen);
  }

  /**
   * Holds an answer against the document.
   *
   * @throws AssertionError when it is not as the document says
   */
  void check(Answered answer) {
    Optional<Operation> operation = operation(answer);
    if (operation.isEmpty()) {
      boolean isPage = answer.mediaType().equals("text/html") && !answer.path().startsWith("/api/");
      if (isPage) {
        return;
      }
      if (answer.status() >= 400 || answer.path().startsWith("/api/")) {
        assertThat(answer.status()).as("of no operation: %s", answer).isGreaterThanOrEqualTo(400);
        check(PROBLEM, answer);
      }
      return;
    }
    JsonNode responses = operation.get().node().path("responses");
    String status = Integer.toString(answer.status());
    // The document has it for whatever goes wrong; a success has a status of its own.
    String key = !responses.has(status) && answer.status() >= 400 ? "default" : status;
    assertThat(responses.has(key)).as("status that is not documented: %s", answer).isTrue();
    seen.add(operation.get().id() + " " + key);
    check(Operation.followed(responses.path(key)), answer);
  }

  /** One of server-sent events. */
  void checkEvent(Operation operation, String name, String data) {
    JsonNode events =
        operation.node().at("/responses/200/content/text~1event-stream").path("x-events");
    assertThat(events.has(name)).as("event that is not documented: %s", name).isTrue();
    checkBody(events.path(name), data, name + " " + data);
  }

  private static Optional<Operation> operation(Answered answer) {
    // The server takes a slash at the end as none.
    String path = answer.path().split("\\?", 2)[0].replaceFirst("(.)/$", "$1");
    String method = answer.method().equals("HEAD") ? "GET" : answer.method();
    List<Operation> fitting =
        Operation.all().stream()
            .filter(each -> each.method().equals(method) && each.isAt(path))
            .toList();
    // A path without parameters goes before one with them.
    return fitting.stream()
        .filter(each -> each.path().equals(path))
        .findFirst()
        .or(() -> fitting.stream().findFirst());
  }

  private void check(JsonNode response, Answered answer) {
    checkHeaders(response.path("headers"), answer);
    JsonNode content = response.path("content");
    assertThat(content.has(answer.mediaType()))
        .as("media type that is not documented: %s", answer)
        .isTrue();
    JsonNode schema = content.path(answer.mediaType()).path("schema");
    if (answer.method().equals("HEAD")) {
      assertThat(answer.body()).as("%s", answer).isEmpty();
    } else if (answer.mediaType().equals("application/x-ndjson")) {
      answer.body().lines().forEach(line -> checkBody(schema, line, answer.toString()));
    } else if (answer.mediaType().endsWith("json")) {
      // Of another type the document says nothing that can be held against it.
      checkBody(schema, answer.body(), answer.toString());
    }
  }

  private void checkBody(JsonNode schema, String body, String what) {
    bodies.increment();
    try {
      assertThat(SCHEMAS.errors(schema, JSON.readTree(body))).as("%s", what).isEmpty();
    } catch (JsonProcessingException malformed) {
      throw new AssertionError("no JSON: " + what, malformed);
    }
  }

  private static void checkHeaders(JsonNode documented, Answered answer) {
    Map<String, JsonNode> byName = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : documented.properties()) {
      byName.put(each.getKey().toLowerCase(Locale.ROOT), Operation.followed(each.getValue()));
    }
    byName.forEach(
        (name, header) -> {
          if (header.path("required").asBoolean()) {
            assertThat(answer.headers()).as("%s", answer).containsKey(name);
          }
        });
    answer
        .headers()
        .forEach(
            (name, value) -> {
              if (!COMMON.contains(name)) {
                JsonNode header = byName.get(name);
                if (header == null) {
                  throw new AssertionError(name + " is not documented: " + answer);
                }
                JsonNode schema = header.path("schema");
                assertThat(SCHEMAS.errors(schema, headerValue(schema, value)))
                    .as("%s of %s", name, answer)
                    .isEmpty();
              }
            });
  }

  private static JsonNode headerValue(JsonNode schema, String value) {
    return schema.path("type").asText().equals("integer") && value.matches("[0-9]{1,18}")
        ? JsonNodeFactory.instance.numberNode(Long.parseLong(value))
        : JsonNodeFactory.instance.textNode(value);
  }
}
