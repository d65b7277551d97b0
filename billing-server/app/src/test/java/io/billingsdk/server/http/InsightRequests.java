package io.billingsdk.server.http;

import org.jspecify.annotations.Nullable;

/** Requests of insight that succeed, over the rows that they need. */
final class InsightRequests {
  private static final String PERSON = "\"identifier\":\"ann@example.com\"";

  private final HttpTestbed http;

  /** Adds the rows. */
  InsightRequests(HttpTestbed http) {
    this.http = http;
    prepare("exportPerson");
  }

  /** A person can be erased once. */
  void prepare(String operation) {
    if (operation.equals("erasePerson") || operation.equals("exportPerson")) {
      http.send("POST", "/api/v1/privacy/persons", "{" + PERSON + "}");
    }
  }

  /** Null for other operations. */
  static @Nullable String body(String operation) {
    return switch (operation) {
      case "registerPerson", "exportPerson" -> "{" + PERSON + "}";
      case "erasePerson" -> "{" + PERSON + ",\"reason\":\"r\"}";
      default -> null;
    };
  }
}
