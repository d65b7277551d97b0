package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Mosquitto whose session is restored: it may send more than the connection allows. */
@Tag("broker")
final class OverSendingBrokerTest {
  private static final String PROOF = "broker-over-sends";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String TOPIC = "billing/v2/gateway-1/usage";
  private static final int ALLOWED = 50;
  private static final int SENT = 400;

  private final Set<String> received = ConcurrentHashMap.newKeySet();
  @TempDir private Path directory;

  @Test
  void session_restoredWithMoreThanTheConnectionAllows_isEmptiedAllTheSame() throws Exception {
    Optional<String> lacking = MosquittoTestBroker.whyNotInstalled();
    lacking.ifPresent(why -> Proof.skipped(PROOF, why));
    assumeTrue(lacking.isEmpty(), lacking::toString);
    try (TestBroker broker = MosquittoTestBroker.in(directory)) {
      broker.start();
      try (BrokerConnection first = connection(broker, Role.SYSTEM, collector())) {
        await().atMost(PATIENCE).until(first::isUp);
      }
      send(broker);
      try (BrokerConnection again = connection(broker, Role.SYSTEM, collector())) {
        await().atMost(PATIENCE).until(() -> received.size() == SENT && again.isUp());

        Proof.of(PROOF)
            .with("allowed", ALLOWED)
            .with("sent", SENT)
            .with("received", received.size())
            .with("connections", again.connections())
            .print();
        assertThat(again.held()).isZero();
      }
    }
  }

  private void send(TestBroker broker) {
    ConnectionSettings producer =
        new ConnectionSettings("gateway-1", List.of(), 0, ALLOWED, 1 << 20, null);
    try (BrokerConnection connection = connection(broker, Role.SDK, producer)) {
      await().atMost(PATIENCE).until(connection::isUp);
      List<CompletableFuture<Void>> sent = new ArrayList<>();
      for (int i = 0; i < SENT; i++) {
        byte[] payload = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
        sent.add(connection.publish(TOPIC, payload, /* retain= */ false));
      }
      sent.forEach(CompletableFuture::join);
    }
  }

  private static ConnectionSettings collector() {
    return new ConnectionSettings(
        "collector-1", List.of("billing/v2/+/usage"), 3_600, ALLOWED, 1 << 20, null);
  }

  private BrokerConnection connection(TestBroker broker, Role role, ConnectionSettings settings) {
    BrokerAddress address =
        new BrokerAddress(
            broker.host(), broker.port(), broker.caPem(), broker.user(role), broker.password(role));
    BrokerConnection connection = new BrokerConnection(address, settings, new Taking());
    connection.start();
    return connection;
  }

  private final class Taking implements BrokerLink.ConnectionListener {
    @Override
    public void received(HeldMessage message) {
      received.add(new String(message.payload(), StandardCharsets.UTF_8));
      message.confirm();
    }
  }
}
