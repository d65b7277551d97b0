package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A client that knows the given routes and shapes, and nothing else. */
final class StatsClient {
  private final HttpTestbed http;
  private final Set<String> guests = new HashSet<>();
  int checked;

  StatsClient(HttpTestbed http) {
    this.http = http;
  }

  private String token(String path, String field) {
    JsonNode made = http.send("POST", path, null, null).json();
    fields(made, "success", field, "expires_at");
    assertThat(made.path("success").asBoolean()).isTrue();
    return made.path(field).asText();
  }

  String session() {
    return token("/api/usage/sessions", "session_id");
  }

  String guest() {
    String token = token("/usage/guests", "guest_id");
    guests.add(token);
    return token;
  }

  String user(String name) {
    return http.send("POST", "/api/v1/statistics/user-tokens", "{\"userId\":\"" + name + "\"}")
        .json()
        .path("token")
        .asText();
  }

  /** The names of an object, in their order. */
  void fields(JsonNode object, String... names) {
    List<String> found = new ArrayList<>();
    object.fieldNames().forEachRemaining(found::add);
    assertThat(found).as(object.toString()).containsExactly(names);
    checked += names.length;
  }

  Reply recordOfSession(String session, String type, String metadata) {
    return http.send(
        "POST",
        "/api/usage/record",
        null,
        "{\"session_id\":\"%s\",\"event_type\":\"%s\",\"metadata\":%s,\"more\":1}"
            .formatted(session, type, metadata));
  }

  JsonNode stats(String session) {
    Reply reply = http.send("GET", "/api/usage/stats?more=1&session_id=" + session, null, null);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    fields(reply.json(), "success", "stats");
    return reply.json().path("stats");
  }

  Reply record(String[] who, String type, String metadata) {
    return http.send(
        "POST",
        "/usage/record",
        null,
        "{\"event_type\":\"%s\",\"metadata\":%s}".formatted(type, metadata),
        who);
  }

  JsonNode get(String path, String... who) {
    Reply reply = http.send("GET", path, null, null, who);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  /** Whether a token is one that this client has asked for as a guest. */
  boolean isGuest(String token) {
    return guests.contains(token);
  }

  static String[] asGuest(String token) {
    return new String[] {"X-Guest-ID", token};
  }

  static String[] asUser(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }
}
