package io.billingsdk.system;

import static io.billingsdk.system.DocumentedMosquitto.SERVER;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ACL file of the documentation, before a real Mosquitto over TLS. */
final class MosquittoAclTest {
  private static final String PROOF = "mosquitto-acl";
  private static final List<String> USERS = List.of("gateway-1", "gateway-2", SERVER);
  private static final List<String> TO_SERVER =
      List.of("billing/report", "billing/keys/request", "billing/heartbeat");
  private static final List<String> TO_ALL =
      List.of("billing/v2/keys", "billing/v2/collector", "billing/keys/update");
  private static final List<String> OF_NOBODY =
      List.of("billing/other", "billing/v2/gateway-1/usage/x", "other/v2/gateway-1/usage");

  /** Everybody may hear it. */
  private static final String END = "billing/v2/keys";

  @TempDir Path directory;

  @BeforeAll
  static void require() {
    World.require(PROOF);
  }

  @Test
  void everyTopic_byEveryUser_isGrantedAsDocumented() throws Exception {
    try (DocumentedMosquitto broker =
        DocumentedMosquitto.in(directory, List.of("gateway-1", "gateway-2"))) {
      broker.start();
      Map<String, MqttUser> users = new TreeMap<>();
      for (String user : USERS) {
        users.put(user, MqttUser.connect(broker, user, user));
      }
      assertGranted(users);
      users.values().forEach(MqttUser::close);
    }
  }

  @Test
  void takenClientId_givesNoneOfItsTopics() throws Exception {
    try (DocumentedMosquitto broker =
        DocumentedMosquitto.in(directory, List.of("gateway-1", "gateway-2"))) {
      broker.start();
      try (MqttUser server = MqttUser.connect(broker, SERVER, "server");
          MqttUser thief = MqttUser.connect(broker, "gateway-2", "gateway-1")) {
        assertThat(server.publish("s", "billing/v2/gateway-1/receipts", "not for it")).isTrue();
        assertThat(server.publish("s", "billing/v2/keys", "for all")).isTrue();
        await().until(() -> thief.heard().contains("for all billing/v2/keys"));
        assertThat(thief.heard()).containsExactly("for all billing/v2/keys");
      }
      try (MqttUser thief = MqttUser.connect(broker, "gateway-2", "gateway-2")) {
        assertThat(thief.publish("gateway-1", "billing/v2/gateway-1/usage", "forged")).isFalse();
        assertThat(thief.publish("gateway-1", "billing/v2/gateway-1/hello", "forged")).isFalse();
      }
    }
  }

  @Test
  void serverAndSdk_throughIt_storeEverythingOnce() throws Exception {
    DocumentedMosquitto broker = DocumentedMosquitto.in(directory, List.of("service"));
    try (World world = World.withServer(directory, broker, 200)) {
      world.awaitAttempted(300);
      Verdict verdict = world.verdict();

      assertThat(verdict.holds()).as(verdict.toString()).isTrue();
      // By batches, in which a key has a name: the key table has come too.
      assertThat(count(world, "SELECT count(*) FROM usage_event WHERE app_id = 'app-1'"))
          .isEqualTo(verdict.ledger());
      assertThat(count(world, "SELECT count(*) FROM stream WHERE instance = 'service'")).isOne();
      verdict.to(Size.proof(PROOF).with("part", "server-and-sdk")).print();
    }
  }

  private static void assertGranted(Map<String, MqttUser> users) throws Exception {
    Set<String> taken = new TreeSet<>();
    Set<String> expected = new TreeSet<>();
    for (Map.Entry<String, MqttUser> each : users.entrySet()) {
      String user = each.getKey();
      for (String topic : topics()) {
        if (each.getValue().publish(user + "-writes", topic, user)) {
          taken.add(user + " " + topic);
        }
        if (mayPublish(user, topic)) {
          expected.add(user + " " + topic);
        }
      }
    }
    assertThat(taken).as("publications that were taken").isEqualTo(expected);
    // Behind everything else, on each reader's connection.
    assertThat(requireNonNull(users.get(SERVER)).publish("end", END, "end")).isTrue();
    for (Map.Entry<String, MqttUser> each : users.entrySet()) {
      assertHeard(each.getKey(), each.getValue(), expected);
    }
    Size.proof(PROOF)
        .with("part", "every-topic")
        .with("users", users.size())
        .with("topics", topics().size())
        .with("taken", taken.size())
        .with("refused", users.size() * topics().size() - taken.size())
        .print();
  }

  private static void assertHeard(String user, MqttUser connection, Set<String> published) {
    Set<String> expected = new TreeSet<>();
    for (String each : published) {
      if (mayHear(user, each.substring(each.indexOf(' ') + 1))) {
        expected.add(each);
      }
    }
    expected.add("end " + END);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> connection.heard().stream().anyMatch(each -> each.startsWith("end ")));
    assertThat(connection.heard()).as("heard by " + user).isEqualTo(expected);
  }

  private static List<String> topics() {
    List<String> topics = new ArrayList<>();
    for (String instance : USERS) {
      for (String each :
          List.of("usage", "hello", "lease-requests", "receipts", "leases", "keys")) {
        topics.add("billing/v2/" + instance + "/" + each);
      }
    }
    topics.addAll(TO_SERVER);
    topics.addAll(TO_ALL);
    topics.addAll(OF_NOBODY);
    return topics;
  }

  /** As docs/brokers/README.md has it; what every instance may, the server may in Mosquitto too. */
  private static boolean mayPublish(String user, String topic) {
    return topic.matches("billing/v2/" + user + "/(usage|hello|lease-requests)")
        || TO_SERVER.contains(topic)
        || (user.equals(SERVER)
            && (topic.matches("billing/v2/[^/]+/(receipts|leases|keys)")
                || TO_ALL.contains(topic)));
  }

  private static boolean mayHear(String user, String topic) {
    return topic.matches("billing/v2/" + user + "/(receipts|leases|keys)")
        || TO_ALL.contains(topic)
        || (user.equals(SERVER)
            && (topic.matches("billing/v2/[^/]+/(usage|hello|lease-requests)")
                || TO_SERVER.contains(topic)));
  }

  private static long count(World world, String sql) throws Exception {
    try (Connection database = world.connect();
        Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
