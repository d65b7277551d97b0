package io.billingsdk.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients of the SDK at the server's own broker, over TLS. */
@Tag("broker")
class OwnBrokerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path data;
  private Path directory;

  private OwnBroker broker;
  private Instances instances;

  @BeforeEach
  void start() {
    directory = data.resolve("broker");
    instances = new Instances(directory);
    var unused = instances.passwordOf("gateway-1") + instances.passwordOf("gateway-2");
    broker = new OwnBroker(directory, "billing", 0);
    broker.start();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private BillingClient client(String user, String clientId) {
    return client(user, clientId, instances.passwordOf(user));
  }

  private BillingClient client(String user, String clientId, String password) {
    return start(config(user, password).clientId(clientId));
  }

  private BillingConfigBuilder config(String user, String password) {
    BrokerAddress address = broker.address();
    return BillingConfig.builder()
        .host(address.host())
        .port(address.port())
        .caCertificates(directory.resolve("ca.pem"))
        .protocol(Protocol.V2)
        .journalInMemory(1 << 20)
        .credentials(user, password);
  }

  private static BillingClient start(BillingConfigBuilder config) {
    // Not by Billing.start, which has one client in a process.
    BillingClient client = BillingClient.create(config.build());
    client.start();
    return client;
  }

  private static void awaitState(BillingClient client, ConnectionState state) {
    await().atMost(PATIENCE).until(() -> client.status().state() == state);
  }

  @Test
  void connect_withUserAndPasswordAlone_isLetIn_andASecondOneTakesItsPlace() {
    BillingConfigBuilder config = config("gateway-1", instances.passwordOf("gateway-1"));
    try (BillingClient first = start(config)) {
      awaitState(first, ConnectionState.CONNECTED);
      try (BillingClient second = start(config)) {
        awaitState(second, ConnectionState.CONNECTED);
        awaitState(first, ConnectionState.UNAUTHORIZED);
        assertThat(first.status().lastProblem())
            .isNotNull()
            .extracting(ClientStatus.Problem::message)
            .asString()
            .contains("another process connected with the client id gateway-1", "set clientId");
        assertThat(second.status().state()).isEqualTo(ConnectionState.CONNECTED);
      }
    }
  }

  @Test
  void connect_underTheClientIdOfAnotherInstance_isRefusedAndDoesNotDisturbThatOne() {
    try (BillingClient right = client("gateway-1", "gateway-1")) {
      awaitState(right, ConnectionState.CONNECTED);
      try (BillingClient thief = client("gateway-2", "gateway-1")) {
        awaitState(thief, ConnectionState.UNAUTHORIZED);
        ClientStatus status = right.status();
        assertThat(status.state()).isEqualTo(ConnectionState.CONNECTED);
        assertThat(status.lastProblem()).isNull();
      }
    }
  }

  @Test
  void revoke_connected_endsTheConnectionAndRefusesIt_untilItIsMadeAgain() {
    String old = instances.passwordOf("gateway-1");
    try (BillingClient revoked = client("gateway-1", "gateway-1");
        BillingClient other = client("gateway-2", "gateway-2")) {
      awaitState(revoked, ConnectionState.CONNECTED);
      awaitState(other, ConnectionState.CONNECTED);

      instances.revoke("gateway-1");
      broker.admitInstances();

      awaitState(revoked, ConnectionState.UNAUTHORIZED);
      assertThat(other.status().state()).isEqualTo(ConnectionState.CONNECTED);
      assertThat(other.status().lastProblem()).isNull();
    }
    try (BillingClient refused = client("gateway-1", "gateway-1", old)) {
      awaitState(refused, ConnectionState.UNAUTHORIZED);
    }
    assertThat(instances.passwordOf("gateway-1")).isNotEqualTo(old);
    broker.admitInstances();
    try (BillingClient again = client("gateway-1", "gateway-1")) {
      awaitState(again, ConnectionState.CONNECTED);
    }
  }

  @Test
  void revoke_madeAgainBeforeTheBrokerLooked_endsTheConnectionOfTheOldPassword() {
    try (BillingClient old = client("gateway-1", "gateway-1")) {
      awaitState(old, ConnectionState.CONNECTED);
      instances.revoke("gateway-1");
      await().pollDelay(Duration.ofMillis(20)).until(() -> true);
      var unused = instances.passwordOf("gateway-1");
      broker.admitInstances();
      awaitState(old, ConnectionState.UNAUTHORIZED);
    }
  }
}
