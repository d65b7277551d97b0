package io.billingsdk.server.entitlements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.testbed.OneAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** A whole server, asked over HTTP, and an instance that hears its feed of keys. */
final class WiredServer implements AutoCloseable {
  static final String API = "/api/v1";
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final V2Topics TOPICS = V2Topics.under("billing");

  private final BillingServer server;
  private final HttpClient http;
  private final BrokerConnection instance;
  private final String token;

  /** What the feed said of each key last, and when it came. */
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();

  record Heard(KeyRecord key, long nanos) {}

  /** Up when this returns. */
  WiredServer(Path directory) throws IOException {
    server = new BillingServer(ServerSettings.in(directory));
    server.start();
    await().atMost(Duration.ofSeconds(60)).until(server::isUp);
    token = server.firstToken().orElseThrow();
    http =
        HttpClient.newBuilder()
            .sslContext(OneAuthority.tls(directory.resolve("broker/ca.pem")))
            .build();
    BrokerAddress broker = server.broker();
    BrokerAddress login =
        new BrokerAddress(
            "localhost",
            broker.port(),
            broker.caPem(),
            "gateway-1",
            OwnBroker.passwordOf(BillingServer.brokerDirectory(directory), "gateway-1"));
    ConnectionSettings settings =
        new ConnectionSettings("gateway-1", List.of(TOPICS.keys()), 0, 100, 1 << 20, null);
    instance = new BrokerConnection(login, settings, this::receive);
    instance.start();
    await().atMost(PATIENCE).until(instance::isUp);
  }

  private void receive(HeldMessage message) {
    long now = System.nanoTime();
    message.confirm();
    try {
      for (KeyRecord each : KeyFeedMessage.decode(message.payload()).keys()) {
        heard.merge(
            each.keyId(),
            new Heard(each, now),
            (old, fresh) -> fresh.key().version() > old.key().version() ? fresh : old);
      }
    } catch (MalformedMessageException malformed) {
      throw new AssertionError(malformed);
    }
  }

  /** Waits until the feed says so of a key; gives when it came. */
  long awaitKey(String keyId, Predicate<KeyRecord> expected) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(PATIENCE)
        .until(() -> heard.containsKey(keyId) && expected.test(key(keyId)));
    return last(keyId).nanos();
  }

  KeyRecord key(String keyId) {
    return last(keyId).key();
  }

  private Heard last(String keyId) {
    return Objects.requireNonNull(heard.get(keyId), keyId);
  }

  void importPlans(String yaml) throws Exception {
    ObjectNode body = JSON.createObjectNode();
    body.set("file", JSON.readTree(PlanFile.parse(yaml).json()));
    body.put("publish", true);
    post("/plans/import", body.toString());
  }

  /** Makes a customer with an app of the same name. */
  void createCustomer(String id, String zone) {
    post(
        "/customers",
        "{\"customerId\":\"%s\",\"name\":\"%s\",\"currency\":\"USD\",\"zone\":\"%s\"}"
            .formatted(id, id, zone));
    post("/apps", "{\"appId\":\"%s\",\"name\":\"%s\"}".formatted(id, id));
    assign(id, id);
  }

  void assign(String customer, String app) {
    post("/customers/" + customer + "/apps", "{\"appId\":\"" + app + "\"}");
  }

  /** The id of a new key. */
  String createKey(String app, String terms) {
    return post("/apps/" + app + "/keys", terms).at("/key/keyId").asText();
  }

  String subscribe(String customer, String plan) {
    return post(
            "/subscriptions", "{\"customerId\":\"%s\",\"plan\":\"%s\"}".formatted(customer, plan))
        .at("/subscription/subscriptionId")
        .asText();
  }

  void change(String subscription, String change) {
    post("/subscriptions/" + subscription + "/changes", change);
  }

  JsonNode post(String path, String body) {
    return send("POST", path, body, 2);
  }

  JsonNode get(String path) {
    return send("GET", path, null, 2);
  }

  private JsonNode send(
      String method, String path, @org.jspecify.annotations.Nullable String body, int expected) {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("https://localhost:" + server.httpPort() + API + path))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/json")
                  .method(
                      method,
                      body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode() / 100)
          .as("%s %s: %s", method, path, answer.body())
          .isEqualTo(expected);
      return JSON.readTree(answer.body());
    } catch (IOException failed) {
      throw new AssertionError(path, failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    instance.close();
    server.close();
  }
}
