package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.Credentials;
import io.billingsdk.KeyDecision;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.ScriptedFaults.RecordedConnect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The traps of the MQTT library around a connection that this client must not fall into, against a
 * real broker. The numbers are those of the table in {@code docs/mqtt-client.md}. Run it on every
 * upgrade of the library.
 */
final class MqttClientTrapsTest extends MqttTrapsFixture {
  private static final String OK =
      "{\"timestamp\":1,\"updates\":[{\"app_id\":\"app-1\",\"api_key\":\"%s\",\"status\":\"ok\"}]}";

  @Test
  void h3_h12_threads_areOwnDaemonsAndEndWithTheClient() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    DefaultBillingClient client = Clients.start(broker);
    connectOnce(client);
    client.report(event("h3"));
    client.flush(Clients.PATIENCE);

    Set<Thread> own =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("billing-"))
            .filter(thread -> !before.contains(thread))
            .collect(Collectors.toSet());
    assertThat(own).extracting(Thread::getName).contains("billing-delivery", "billing-mqtt");
    assertThat(own).allMatch(Thread::isDaemon);
    client.close(Duration.ofSeconds(5));
    Awaitility.await()
        .atMost(Clients.PATIENCE)
        .until(() -> own.stream().noneMatch(Thread::isAlive));
  }

  @Test
  void h4_malformedKeyUpdates_doNotEndTheFlow() throws Exception {
    try (DefaultBillingClient client = Clients.start(broker)) {
      connectOnce(client);
      publish("\u0000\u0001 not json");
      publish("[1,2,3]");
      publish("{\"updates\":[null,1,{},{\"api_key\":[]}]}");
      publish(OK.formatted("h4"));

      Clients.await(client, status -> client.check("h4") instanceof KeyDecision.Allowed);
    }
  }

  @Test
  void h5_messageRightAfterTheSubscription_isNotDropped() throws Exception {
    system.publish(
        "billing/keys/update",
        OK.formatted("h5").getBytes(StandardCharsets.UTF_8),
        /* retain= */ true);
    try (DefaultBillingClient client = Clients.start(broker)) {
      assertThat(client.awaitReady(Clients.PATIENCE)).isTrue();
      assertThat(client.check("h5")).isInstanceOf(KeyDecision.Allowed.class);
    } finally {
      system.publish("billing/keys/update", new byte[0], /* retain= */ true);
    }
  }

  @Test
  void h10_h21_h22_connectPacket_hasNoSessionShortKeepAliveAndBoundedPackets() throws Exception {
    try (DefaultBillingClient client =
        Clients.start(Clients.withCredentials(Clients.config(broker)).clientId("h10"))) {
      connectOnce(client);

      RecordedConnect connect =
          FAULTS.connects().stream()
              .filter(packet -> packet.clientId().equals("h10"))
              .findFirst()
              .orElseThrow();
      assertThat(connect.cleanStart()).isTrue();
      assertThat(connect.sessionExpirySeconds()).isZero();
      assertThat(connect.keepAliveSeconds()).isEqualTo(10);
      assertThat(connect.maximumPacketSize()).isEqualTo(8 << 20);
      assertThat(connect.receiveMaximum()).isEqualTo(100);
    }
  }

  @Test
  void h13_closeWhileConnecting_neverConnectsLater() throws Exception {
    try (FaultProxy proxy = FaultProxy.to(broker.port())) {
      proxy.freeze();
      DefaultBillingClient client = through(proxy, "h13");
      Awaitility.await().atMost(Clients.PATIENCE).until(() -> proxy.connections() == 1);
      client.close(Duration.ofMillis(100));

      proxy.pass();

      Awaitility.await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(5))
          .until(() -> !broker.broker().connectedClients().contains("h13"));
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void h14_passwordRotates_nextConnectAsksForTheNewOne() throws Exception {
    AtomicReference<String> password = new AtomicReference<>(Role.SDK.password());
    try (DefaultBillingClient client =
        Clients.start(
            Clients.config(broker)
                .clientId("h14")
                .credentials(
                    () -> new Credentials(Role.SDK.user(), String.valueOf(password.get()))))) {
      connectOnce(client);
      broker.broker().replacePassword(Role.SDK.user(), "rotated-1");
      password.set("rotated-1");

      broker.broker().disconnect("h14", DisconnectReasonCode.ADMINISTRATIVE_ACTION);

      Clients.await(client, status -> status.lastProblem() != null);
      Clients.await(client, status -> status.state() == ConnectionState.CONNECTED);
    } finally {
      broker.broker().replacePassword(Role.SDK.user(), Role.SDK.password());
    }
  }

  @Test
  void h15_sameClientIdTwice_doNotFight() throws Exception {
    try (DefaultBillingClient first =
        Clients.start(Clients.withCredentials(Clients.config(broker)).clientId("h15"))) {
      connectOnce(first);
      try (DefaultBillingClient second =
          Clients.start(Clients.withCredentials(Clients.config(broker)).clientId("h15"))) {
        connectOnce(second);
        Clients.await(first, status -> status.state() == ConnectionState.UNAUTHORIZED);

        assertThat(Clients.problem(first.status()).message()).contains("another process", "h15");
        Awaitility.await()
            .during(Duration.ofSeconds(3))
            .atMost(Duration.ofSeconds(5))
            .until(() -> connects("h15") == 2);
      }
    }
  }

  @Test
  void h16_subscriptionRefused_isAStatusAndNotIgnored() throws Exception {
    try (DefaultBillingClient client =
        Clients.start(
            Clients.config(broker)
                .clientId("h16")
                .credentials(Role.SYSTEM.user(), Role.SYSTEM.password()))) {
      Clients.await(client, status -> status.state() == ConnectionState.UNAUTHORIZED);

      assertThat(Clients.problem(client.status()).kind()).isEqualTo(ProblemKind.FORBIDDEN);
      assertThat(Clients.problem(client.status()).message()).contains("key feed");
      assertThat(connects("h16")).isEqualTo(1);
    }
  }

  @Test
  void h21_halfOpenConnection_isNoticedWithinTwiceTheKeepAlive() throws Exception {
    try (FaultProxy proxy = FaultProxy.to(broker.port());
        DefaultBillingClient client =
            Clients.start(
                Clients.withCredentials(Clients.config(broker, proxy.port()))
                    .keepAlive(Duration.ofSeconds(2)))) {
      connectOnce(client);
      long frozenNanos = System.nanoTime();
      proxy.freeze();

      Clients.await(client, status -> status.state() == ConnectionState.DISCONNECTED);
      // Generous beyond the four seconds that it should take: the machine may be busy.
      assertThat(Duration.ofNanos(System.nanoTime() - frozenNanos))
          .isLessThan(Duration.ofSeconds(15));
      proxy.pass();
      Clients.await(client, status -> status.state() == ConnectionState.CONNECTED);
    }
  }

  private static long connects(String clientId) {
    return FAULTS.connects().stream().filter(c -> c.clientId().equals(clientId)).count();
  }

  private void publish(String text) {
    system.publish("billing/keys/update", text.getBytes(StandardCharsets.UTF_8));
  }
}
