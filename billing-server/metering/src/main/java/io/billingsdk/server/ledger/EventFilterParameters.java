package io.billingsdk.server.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An {@link EventFilter} as the query of a request says it. Stateless. */
final class EventFilterParameters {
  private static final String[] NAMES = {
    "appId",
    "keyId",
    "module",
    "model",
    "metadata",
    "unattributed",
    "subject",
    "session",
    "execution"
  };

  private EventFilterParameters() {}

  /** The names of the parameters, for a route. */
  static String[] names() {
    return NAMES.clone();
  }

  /** Which events are meant; of the token of an app, those of that app alone. */
  static EventFilter read(Request request) {
    return new EventFilter(
        request.app().orElse(null),
        request.parameter("keyId").orElse(null),
        request.parameter("module").orElse(null),
        request.parameter("model").orElse(null),
        request.parameter("metadata").map(EventFilterParameters::metadata).orElse(Map.of()),
        request.flag("unattributed").orElse(false),
        request.parameter("subject").orElse(null),
        request.parameter("session").orElse(null),
        request.parameter("execution").orElse(null));
  }

  private static Map<String, String> metadata(String text) {
    Map<String, String> fields = new HashMap<>();
    try {
      JsonNode read = Json.tree(text.getBytes(StandardCharsets.UTF_8));
      if (read.isObject() && read.properties().stream().allMatch(e -> e.getValue().isTextual())) {
        read.properties().forEach(each -> fields.put(each.getKey(), each.getValue().textValue()));
        return fields;
      }
    } catch (IOException malformed) {
      throw Request.invalid("metadata", "a JSON object of texts, as {\"region\":\"eu\"}");
    }
    throw Request.invalid("metadata", "a JSON object of texts, as {\"region\":\"eu\"}");
  }
}
