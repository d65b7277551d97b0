package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.http.Request;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The attributes of a CloudEvent in the binary mode of its HTTP binding: headers whose values may
 * be quoted strings, and are percent-encoded within.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values">HTTP
 *     Header Values</a>
 */
final class CloudEventHeaders {
  private static final String PREFIX = "ce-";

  private CloudEventHeaders() {}

  /** Whether there is one: one attribute makes it a CloudEvent, if an incomplete one. */
  static boolean areIn(Collection<String> names) {
    return names.stream().anyMatch(CloudEventHeaders::isOne);
  }

  private static boolean isOne(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  /**
   * The attributes as the JSON format has them.
   *
   * @param headers all of a request, by their names
   * @throws MalformedException when one is there twice or cannot be decoded
   */
  static ObjectNode attributes(Map<String, List<String>> headers) throws MalformedException {
    ObjectNode attributes = JsonNodeFactory.instance.objectNode();
    Map<String, List<String>> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    named.putAll(headers);
    for (Map.Entry<String, List<String>> each : named.entrySet()) {
      if (!isOne(each.getKey())) {
        continue;
      }
      String name = each.getKey().substring(PREFIX.length()).toLowerCase(Locale.ROOT);
      if (each.getValue().size() != 1) {
        throw new MalformedException(name, "given once");
      }
      String value =
          unquoted(each.getValue().get(0).strip())
              .flatMap(Request::percentDecoded)
              .orElseThrow(
                  () ->
                      new MalformedException(
                          name, "percent-encoded UTF-8, or a quoted string of it"));
      attributes.put(name, value);
    }
    return attributes;
  }

  /** What a quoted string holds; empty when a quotation mark or a backslash is out of place. */
  private static Optional<String> unquoted(String value) {
    if (value.indexOf('"') < 0) {
      return Optional.of(value);
    }
    int last = value.length() - 1;
    if (last < 1 || value.charAt(0) != '"' || value.charAt(last) != '"') {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < last; i++) {
      char c = value.charAt(i);
      if (c == '"' || (c == '\\' && ++i == last)) {
        return Optional.empty();
      }
      text.append(value.charAt(i));
    }
    return Optional.of(text.toString());
  }

  /** An attribute cannot be read. Without a stack trace: it is an outcome, not a fault. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String attribute, String expected) {
      super(
          "ce-" + attribute + " must be " + expected,
          null,
          /* enableSuppression= */ false,
          /* writableStackTrace= */ false);
    }
  }
}
