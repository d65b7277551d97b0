package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.statistics.StatisticsFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests of statistics that succeed. Their tokens are made for each of them: a change of the key
 * ends earlier ones.
 */
final class StatisticsRequests {
  private static final Set<String> OF_A_SESSION =
      Set.of("/api/usage/stats", "/api/usage/live", "/api/usage/export");

  private final HttpTestbed http;
  private int number;

  StatisticsRequests(HttpTestbed http) {
    this.http = http;
  }

  /** A token of a user. */
  String user(String userId) {
    return http.send("POST", "/api/v1/statistics/user-tokens", "{\"userId\":\"" + userId + "\"}")
        .json()
        .path("token")
        .asText();
  }

  /** A token of a new guest. */
  String guest() {
    return made("/usage/guests", "guest_id");
  }

  /** A token of a new session. */
  String session() {
    return made("/api/usage/sessions", "session_id");
  }

  private String made(String path, String field) {
    String token = http.send("POST", path, null, null).json().path(field).asText();
    assertThat(token).as(path).startsWith("bst_");
    return token;
  }

  /** The headers that its caller has to send; none for others. */
  String[] headers(Operation operation) {
    return operation.isHolder()
        ? new String[] {"Authorization", "Bearer " + user("ann"), "X-Guest-ID", guest()}
        : new String[0];
  }

  /** The path with what has to be in it. */
  String path(String path) {
    if (path.contains("{user_id}")) {
      String name = "user-" + ++number;
      assertThat(user(name)).isNotBlank();
      return path.replace("{user_id}", name);
    }
    return OF_A_SESSION.contains(path) ? path + "?session_id=" + session() : path;
  }

  /** Null for other operations. */
  @Nullable String body(String operation) {
    return switch (operation) {
      case "createUserToken" -> "{\"userId\":\"ann\",\"hours\":2}";
      case "rotateStatisticsKey" -> "{\"overlapHours\":1}";
      case "importStatisticsProfile" -> "{\"reason\":\"r\",\"file\":" + profile("audio") + "}";
      case "recordSessionUse" ->
          "{\"session_id\":\"%s\",\"event_type\":\"project_create\"}".formatted(session());
      case "recordOwnUse" -> "{\"event_type\":\"api_call\",\"metadata\":{}}";
      default -> null;
    };
  }

  /** One that is shipped. */
  static String profile(String name) {
    try (InputStream file = StatisticsFeature.class.getResourceAsStream(name + ".profile.json")) {
      assertThat(file).as(name).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
