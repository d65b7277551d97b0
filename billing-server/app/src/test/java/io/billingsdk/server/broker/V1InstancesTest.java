package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import io.billingsdk.server.broker.Instances.InstanceKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Clients without a client id of their own at the server's own broker, over TLS. */
@Tag("broker")
class V1InstancesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String PYTHON = "python-1";

  @TempDir Path data;
  private Path directory;

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private OwnBroker broker;
  private Instances instances;
  private String password;

  @BeforeEach
  void start() {
    logged.start();
    ((Logger) LoggerFactory.getLogger(OwnBroker.class)).addAppender(logged);
    directory = data.resolve("broker");
    instances = new Instances(directory);
    password = instances.passwordOf(PYTHON, InstanceKind.V1);
    var unused = instances.passwordOf("gateway-1");
    broker = new OwnBroker(directory, "billing", 0);
    broker.start();
  }

  @AfterEach
  void stop() {
    broker.close();
    ((Logger) LoggerFactory.getLogger(OwnBroker.class)).detachAppender(logged);
  }

  private V1Peer python(String clientId) throws Exception {
    return V1Peer.connect(broker.address(), PYTHON, password, clientId);
  }

  private V1Peer server() throws Exception {
    BrokerAddress address = broker.address();
    return V1Peer.connect(address, address.user(), address.password(), "server");
  }

  private List<String> log() {
    return List.copyOf(logged.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void awaitLogged(String end) {
    await().atMost(PATIENCE).until(() -> log().stream().anyMatch(line -> line.endsWith(end)));
    assertThat(log()).noneMatch(line -> line.contains(password));
  }

  @Test
  void connect_withoutClientIdAndWithAny_severalAtOnce_useTheTopicsOfV1() throws Exception {
    try (V1Peer server = server();
        V1Peer first = python("");
        V1Peer second = python("");
        V1Peer named = python("worker 3/+#ü")) {
      server.subscribe("billing/report");
      for (V1Peer each : List.of(first, second, named)) {
        each.subscribe("billing/keys/update");
        each.publish("billing/report", "usage");
      }
      await().atMost(PATIENCE).until(() -> server.heard().size() == 3);
      server.publish("billing/keys/update", "blocked");
      for (V1Peer each : List.of(first, second, named)) {
        await().atMost(PATIENCE).until(() -> each.heard().equals(List.of("blocked")));
        assertThat(each.isConnected()).isTrue();
      }
    }
    assertThat(log()).isEmpty();
  }

  @Test
  void connect_underTheClientIdOfAnother_disturbsNobody() throws Exception {
    BrokerAddress address = broker.address();
    String gateway = instances.passwordOf("gateway-1");
    try (V1Peer server = server();
        V1Peer other = V1Peer.connect(address, "gateway-1", gateway, "gateway-1");
        V1Peer thief = python("gateway-1");
        V1Peer usurper = python("server")) {
      usurper.publish("billing/report", "x");
      thief.publish("billing/report", "x");
      server.subscribe("billing/v2/+/usage");
      other.publish("billing/v2/gateway-1/usage", "mine");
      await().atMost(PATIENCE).until(() -> server.heard().equals(List.of("mine")));
      assertThat(other.isConnected()).isTrue();
      assertThat(server.isConnected()).isTrue();
      assertThat(thief.isConnected()).isTrue();
    }
  }

  @Test
  void use_ofTopicsOfV2_isRefused_andInTheLog() throws Exception {
    for (String topic :
        List.of("billing/v2/python-1/usage", "billing/v2/gateway-1/hello", "billing/keys/update")) {
      try (V1Peer python = python("")) {
        python.publish(topic, "x");
        await().atMost(PATIENCE).until(() -> !python.isConnected());
      }
      awaitLogged("user python-1 may not publish to " + topic);
    }
    try (V1Peer python = python("")) {
      for (String filter :
          List.of("billing/v2/keys", "billing/v2/+/receipts", "billing/report", "#")) {
        assertThatThrownBy(() -> python.subscribe(filter)).isInstanceOf(Mqtt3SubAckException.class);
        awaitLogged("user python-1 may not subscribe to " + filter);
      }
      assertThat(python.isConnected()).isTrue();
    }
  }

  @Test
  void connect_refused_isInTheLogWithTheReason_andWithoutAPassword() throws Exception {
    String wrong = "wrong-" + UUID.randomUUID();
    refused("nobody", wrong, "");
    awaitLogged("user nobody is not known; 'instance create' creates an instance");
    refused(PYTHON, wrong, "");
    awaitLogged("the password of user python-1 is wrong or missing");
    refused("gateway-1", instances.passwordOf("gateway-1"), "");
    await()
        .atMost(PATIENCE)
        .until(() -> log().stream().anyMatch(line -> line.contains("id gateway-1 alone, and not")));
    // User and password in each other's place.
    refused(password, PYTHON, "");
    awaitLogged("user *** is not known; 'instance create' creates an instance");
    assertThat(log()).hasSize(4).noneMatch(line -> line.contains(wrong));
  }

  @Test
  void revoke_v1_endsAllItsConnections_andItIsInTheLogThatItWas() throws Exception {
    try (V1Peer first = python("");
        V1Peer second = python("worker-2")) {
      instances.revokeAndRemember(PYTHON);
      broker.admitInstances();
      await().atMost(PATIENCE).until(() -> !first.isConnected() && !second.isConnected());
      refused(PYTHON, password, "");
      awaitLogged("user python-1 is an instance that was revoked");
    }
    password = instances.passwordOf(PYTHON, InstanceKind.V1);
    broker.admitInstances();
    try (V1Peer again = python("")) {
      broker.admitInstances();
      assertThat(again.isConnected()).isTrue();
    }
  }

  private void refused(String user, String wrongPassword, String clientId) {
    assertThatThrownBy(() -> V1Peer.connect(broker.address(), user, wrongPassword, clientId))
        .isInstanceOf(Mqtt3ConnAckException.class);
  }
}
