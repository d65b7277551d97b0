package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.DrainReport;
import io.billingsdk.ReportOutcome;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.ScriptedFaults.Verdict;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.WireSpy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The traps of the MQTT library around a publish that this client must not fall into, against a
 * real broker. The numbers are those of the table in {@code docs/mqtt-client.md}. Run it on every
 * upgrade of the library.
 */
final class MqttPublishTrapsTest extends MqttTrapsFixture {
  @Test
  void h1_reportBeforeTheFirstConnect_returnsAtOnceAndIsDeliveredLater() throws Exception {
    try (FaultProxy proxy = FaultProxy.to(broker.port())) {
      proxy.cut();
      try (DefaultBillingClient client = through(proxy)) {
        for (int i = 0; i < 1_000; i++) {
          assertThat(client.report(event("h1")).accepted()).isTrue();
        }
        assertThat(client.status().delivery().pending()).isEqualTo(1_000);

        proxy.pass();

        assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(1_000, 0, 0));
      }
    }
  }

  @Test
  void h2_h20_brokerDoesNotAcknowledge_windowBoundsAndReconnectResends() throws Exception {
    AtomicInteger published = silentlyIgnoreReports();
    try (DefaultBillingClient client =
        Clients.start(
            Clients.withCredentials(Clients.config(broker))
                .windowMessages(7)
                .publishTimeout(Duration.ofSeconds(2)))) {
      connectOnce(client);
      for (int i = 0; i < 100; i++) {
        client.report(event("h2"));
      }
      // One as a probe: nothing was acknowledged on this connection yet.
      Awaitility.await().atMost(Clients.PATIENCE).until(() -> published.get() >= 1);
      assertThat(published.get()).isLessThanOrEqualTo(7);
      Clients.await(client, status -> status.lastProblem() != null);
      assertThat(Clients.problem(client.status()).message()).contains("did not acknowledge");

      FAULTS.deliverAll();

      assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(100, 0, 0));
    }
  }

  @Test
  void h2_acknowledgedOnceThenSilent_windowIsFullAndNotMore() throws Exception {
    AtomicInteger published = new AtomicInteger();
    FAULTS.script(
        (clientId, topic, payload) ->
            topic.equals("billing/report") && published.incrementAndGet() > 1
                ? Verdict.SILENT
                : Verdict.DELIVER);
    try (DefaultBillingClient client =
        Clients.start(Clients.withCredentials(Clients.config(broker)).windowMessages(7))) {
      for (int i = 0; i < 100; i++) {
        client.report(event("h2"));
      }
      Awaitility.await()
          .during(Duration.ofSeconds(1))
          .atMost(Clients.PATIENCE)
          .until(() -> published.get() == 1 + 7);
      FAULTS.deliverAll();
    }
  }

  @Test
  void h18_nobodySubscribes_keepsTheEventsUntilSomebodyDoes() throws Exception {
    system.close();
    try (DefaultBillingClient client = Clients.start(broker)) {
      for (int i = 0; i < 20; i++) {
        client.report(event("h18"));
      }
      Clients.await(client, status -> status.lastProblem() != null);
      assertThat(Clients.problem(client.status()).kind()).isEqualTo(ProblemKind.NO_RECEIVER);
      assertThat(client.status().state()).isEqualTo(ConnectionState.CONNECTED);
      assertThat(client.status().delivery().pending()).isEqualTo(20);

      try (WireSpy late = WireSpy.on(broker, Role.SYSTEM, "billing/report")) {
        assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(20, 0, 0));
        late.await(seen -> seen.size() == 20, Clients.PATIENCE);
      }
    }
  }

  @Test
  void h18_quotaExceededForAWhile_isTriedAgain() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    FAULTS.script(
        (clientId, topic, payload) ->
            topic.equals("billing/report") && refused.incrementAndGet() <= 2
                ? Verdict.refuse(AckReasonCode.QUOTA_EXCEEDED)
                : Verdict.DELIVER);
    try (DefaultBillingClient client = Clients.start(broker)) {
      for (int i = 0; i < 10; i++) {
        client.report(event("h18"));
      }

      assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(10, 0, 0));
      assertThat(Clients.problem(client.status()).kind()).isEqualTo(ProblemKind.BROKER);
    }
  }

  @Test
  void h18_notAuthorizedToPublish_keepsAndTellsAndDoesNotHammer() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    FAULTS.script(
        (clientId, topic, payload) -> {
          if (!topic.equals("billing/report")) {
            return Verdict.DELIVER;
          }
          tries.incrementAndGet();
          return Verdict.refuse(AckReasonCode.NOT_AUTHORIZED);
        });
    try (DefaultBillingClient client = Clients.start(broker)) {
      client.report(event("h18"));
      Clients.await(client, status -> status.lastProblem() != null);

      assertThat(Clients.problem(client.status()).kind()).isEqualTo(ProblemKind.FORBIDDEN);
      Awaitility.await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(5))
          .until(() -> tries.get() == 1);
      assertThat(client.close(Duration.ZERO)).isEqualTo(DrainReport.of(0, 0, 0).withLost(1));
    }
  }

  @Test
  void h18_payloadRefused_isSetAsideAndTheOthersGoOn() throws Exception {
    FAULTS.script(
        (clientId, topic, payload) ->
            new String(payload, StandardCharsets.UTF_8).contains("poison")
                ? Verdict.refuse(AckReasonCode.PAYLOAD_FORMAT_INVALID)
                : Verdict.DELIVER);
    try (DefaultBillingClient client = Clients.start(broker)) {
      client.report(event("h18"));
      client.report(event("poison"));
      client.report(event("h18"));

      assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(2, 0, 1));
    }
  }

  @Test
  void h19_eventLargerThanTheBrokersPackets_isSetAsideAndTheOthersGoOn(@TempDir Path other)
      throws Exception {
    try (EmbeddedTestBroker narrow =
        EmbeddedTestBroker.in(other, builder -> builder.maximumPacketSize(4_096))) {
      narrow.start();
      try (WireSpy receiver = WireSpy.on(narrow, Role.SYSTEM, "billing/report");
          DefaultBillingClient client = Clients.start(narrow)) {
        Map<String, String> large =
            Map.of(
                "a", "x".repeat(1_000),
                "b", "x".repeat(1_000),
                "c", "x".repeat(1_000),
                "d", "x".repeat(1_000));
        client.report(event("h19"));
        client.report(event("h19").withMetadata(large));
        client.report(event("h19"));

        assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(2, 0, 1));
        receiver.await(seen -> seen.size() == 2, Clients.PATIENCE);
        assertThat(client.status().state()).isEqualTo(ConnectionState.CONNECTED);
      }
    }
  }

  @Test
  void sendersOwnQueue_puBackLost_eventIsSentAgainWithTheSameIdentity() throws Exception {
    AtomicInteger reports = new AtomicInteger();
    FAULTS.script(
        (clientId, topic, payload) ->
            topic.equals("billing/report") && reports.incrementAndGet() == 1
                ? Verdict.DELIVER_UNACKNOWLEDGED
                : Verdict.DELIVER);
    try (DefaultBillingClient client =
        Clients.start(
            Clients.withCredentials(Clients.config(broker))
                .publishTimeout(Duration.ofSeconds(1)))) {
      ReportOutcome outcome = client.report(event("again"));
      client.flush(Clients.PATIENCE);

      List<String> texts =
          system.await(seen -> reportsIn(seen).size() == 2, Clients.PATIENCE).stream()
              .filter(message -> message.topic().equals("billing/report"))
              .map(SpiedMessage::text)
              .toList();
      ReportOutcome.Accepted accepted = (ReportOutcome.Accepted) outcome;
      assertThat(texts.get(0)).isEqualTo(texts.get(1));
      assertThat(texts.get(0)).contains(accepted.stream().toString()).contains("\"seq\":1,");
    }
  }

  private static List<SpiedMessage> reportsIn(List<SpiedMessage> seen) {
    return seen.stream().filter(message -> message.topic().equals("billing/report")).toList();
  }

  private static AtomicInteger silentlyIgnoreReports() {
    AtomicInteger published = new AtomicInteger();
    FAULTS.script(
        (clientId, topic, payload) -> {
          if (!topic.equals("billing/report")) {
            return Verdict.DELIVER;
          }
          published.incrementAndGet();
          return Verdict.SILENT;
        });
    return published;
  }
}
