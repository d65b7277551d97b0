package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Asks a server for statistics, and records uses. */
final class StatisticsHttp {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final HttpClient client;
  private final String server;
  private final String token;

  StatisticsHttp(InProcess system) {
    this.client = system.http();
    this.server = "https://localhost:" + system.httpPort();
    this.token = system.token();
  }

  String server() {
    return server;
  }

  /**
   * An answer, which must be a success.
   *
   * @param body empty for a GET
   * @param headers names and values in turn
   */
  JsonNode send(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Content-Type", "application/json");
    request = body.isEmpty() ? request : request.POST(BodyPublishers.ofString(body));
    try {
      HttpResponse<String> answer =
          client.send(
              headers.length == 0 ? request.build() : request.headers(headers).build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
      return JSON.readTree(answer.body());
    } catch (IOException failed) {
      throw new AssertionError(path + " was not answered", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** Somebody with figures: a session of the profile media, or a guest or a user of audio. */
  sealed interface Somebody {
    String token();
  }

  /** A session. */
  record Session(String token) implements Somebody {}

  /** A guest or a user. */
  record Caller(String token, String header, String value) implements Somebody {}

  Session session() {
    return new Session(send("/api/usage/sessions", "{}").path("session_id").asText());
  }

  Caller guest() {
    String guest = send("/usage/guests", "{}").path("guest_id").asText();
    return new Caller(guest, "X-Guest-ID", guest);
  }

  Caller user(String name) {
    String body = "{\"userId\":\"" + name + "\"}";
    String user =
        send("/api/v1/statistics/user-tokens", body, "Authorization", "Bearer " + token)
            .path("token")
            .asText();
    return new Caller(user, "Authorization", "Bearer " + user);
  }

  void record(Somebody who, String type, String metadata) {
    String use = "\"event_type\":\"" + type + "\",\"metadata\":" + metadata + "}";
    if (who instanceof Caller caller) {
      send("/usage/record", "{" + use, caller.header(), caller.value());
    } else {
      send("/api/usage/record", "{\"session_id\":\"" + who.token() + "\"," + use);
    }
  }

  JsonNode figures(Somebody who) {
    return who instanceof Caller caller
        ? send("/usage/me", "", caller.header(), caller.value())
        : send("/api/usage/stats?session_id=" + who.token(), "").path("stats");
  }
}
