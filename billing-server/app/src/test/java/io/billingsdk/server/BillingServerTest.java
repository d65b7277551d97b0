package io.billingsdk.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRecord.Status;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.testbed.OneAuthority;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class BillingServerTest {
  private static final V2Topics TOPICS = V2Topics.under("billing");

  @Test
  void server_fromAnEmptyDirectory_servesKeys_andIsTheSameAfterARestart(@TempDir Path directory)
      throws Exception {
    ServerSettings settings = ServerSettings.in(directory);
    NewKey key;
    try (BillingServer server = new BillingServer(settings)) {
      server.start();
      await().atMost(Duration.ofSeconds(60)).until(server::isUp);
      assertThatThrownBy(() -> new BillingServer(settings).start())
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("another server");
      key = servesKeys(directory, server.broker());
      makesCosts(directory, server, key);
    }
    byte[] authority = Files.readAllBytes(directory.resolve("broker/ca.pem"));
    try (BillingServer again = new BillingServer(settings)) {
      again.start();
      assertThat(directory.resolve("broker/ca.pem")).hasBinaryContent(authority);
      try (Database database = Database.at(database(directory))) {
        assertThat(new KeyAdmin(database, null).keys())
            .singleElement()
            .satisfies(kept -> assertThat(kept.keyId()).isEqualTo(key.keyId()));
      }
    }
  }

  private static NewKey servesKeys(Path directory, BrokerAddress broker) throws Exception {
    String password = OwnBroker.passwordOf(BillingServer.brokerDirectory(directory), "gateway-1");
    List<HeldMessage> received = new CopyOnWriteArrayList<>();
    Map<String, KeyRecord> keys = new ConcurrentHashMap<>();
    BrokerAddress login =
        new BrokerAddress("localhost", broker.port(), broker.caPem(), "gateway-1", password);
    ConnectionSettings settings =
        new ConnectionSettings(
            "gateway-1",
            List.of(TOPICS.collector(), TOPICS.keys(), TOPICS.keys("gateway-1")),
            0,
            100,
            1 << 20,
            null);
    try (Database database = Database.at(database(directory));
        BrokerConnection instance =
            new BrokerConnection(
                login,
                settings,
                message -> {
                  message.confirm();
                  received.add(message);
                  read(message, keys);
                })) {
      KeyAdmin admin = new KeyAdmin(database, null);
      admin.createApp("acme", "Acme");
      NewKey key = admin.create("acme", List.of("gpt-4*"), null, /* legacy= */ false);
      instance.start();
      await().atMost(Duration.ofSeconds(30)).until(instance::isUp);
      await().until(() -> hasPresence(received));
      var unused =
          instance.publish(TOPICS.hello("gateway-1"), hello().encode(), /* retain= */ false);
      await().until(() -> status(keys, key) == Status.OK);
      assertThat(Objects.requireNonNull(keys.get(key.keyId())).keySha256()).isEqualTo(key.sha256());

      admin.block(key.keyId(), "unpaid");
      await().atMost(Duration.ofSeconds(5)).until(() -> status(keys, key) == Status.BLOCKED);
      admin.unblock(key.keyId());
      await().atMost(Duration.ofSeconds(5)).until(() -> status(keys, key) == Status.OK);
      return key;
    }
  }

  /** From an event over HTTP to the sums of costs: its features are connected. */
  private static void makesCosts(Path directory, BillingServer server, NewKey key)
      throws Exception {
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(OneAuthority.tls(directory.resolve("broker/ca.pem")))
            .build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Authorization", "Bearer " + server.firstToken().orElseThrow())
            .header("Content-Type", "application/json");
    URI api = URI.create("https://localhost:" + server.httpPort() + "/api/");
    String event =
        "{\"keyId\":\"%s\",\"module\":\"llm\",\"model\":\"gpt-4\",\"usage\":1000,"
            + "\"quantities\":{\"input_tokens\":1000},\"occurredAt\":\"%s\"}";
    String body = event.formatted(key.keyId(), Instant.now());
    HttpRequest sent =
        request.copy().uri(api.resolve("v1/events")).POST(BodyPublishers.ofString(body)).build();
    assertThat(client.send(sent, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    HttpRequest asked = request.uri(api.resolve("analytics/cost/services")).build();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(client.send(asked, BodyHandlers.ofString()).body())
                    .contains("\"service\":\"llm\",\"total_cost\":0.03,"));
  }

  private static Status status(Map<String, KeyRecord> keys, NewKey key) {
    KeyRecord known = keys.get(key.keyId());
    return known == null ? Status.REMOVED : known.status();
  }

  private static void read(HeldMessage message, Map<String, KeyRecord> keys) {
    if (message.topic().endsWith("/keys")) {
      try {
        KeyFeedMessage.decode(message.payload())
            .keys()
            .forEach(
                key -> keys.merge(key.keyId(), key, (a, b) -> a.version() > b.version() ? a : b));
      } catch (io.billingsdk.protocol.MalformedMessageException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static boolean hasPresence(List<HeldMessage> received) throws Exception {
    for (HeldMessage message : received) {
      if (message.topic().equals(TOPICS.collector())
          && Presence.decode(message.payload()).online()) {
        assertThat(Presence.decode(message.payload()).ledger()).isNotNull();
        return true;
      }
    }
    return false;
  }

  private static Hello hello() {
    return new Hello(
        "test",
        System.currentTimeMillis(),
        UUID.randomUUID(),
        0,
        0,
        /* keysWanted= */ true,
        new Hello.LossEquation(0, 0, 0, 0, 0, 0),
        new Hello.JournalState(/* onDisk= */ true, 0, 0, 0, null),
        List.of());
  }

  private static DatabaseAddress database(Path directory) throws Exception {
    Path postgresql = BillingServer.databaseDirectory(directory);
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:" + Files.readString(postgresql.resolve("port")) + "/postgres",
        "billing_app",
        new Secrets(postgresql.resolve("secrets")).of("server"));
  }
}
