package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.BillingException;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.Protocol;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.WireSpy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that were accepted by one client are delivered by the next, under their identities. */
@Tag("broker")
final class DurableDeliveryTest {
  private static final Pattern IDENTITY =
      Pattern.compile("\"stream\":\"([^\"]+)\",\"seq\":(\\d+),");
  private static final int EVENTS = 2_000;

  @TempDir Path directory;

  @Test
  void restart_withABacklog_deliversItOnceUnderItsIdentitiesBesideNewEvents() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory.resolve("broker"))) {
      broker.start();
      Set<String> expected = new HashSet<>(reportWithoutBroker(broker));
      try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report");
          DefaultBillingClient second = Clients.start(durable(broker, broker.port()))) {
        expected.add(identity(second.report(event("new"))));
        DrainReport drained = second.flush(Clients.PATIENCE);
        List<String> received =
            identities(system.await(seen -> seen.size() >= EVENTS + 1, Clients.PATIENCE));

        assertThat(drained).isEqualTo(DrainReport.of(EVENTS + 1, 0, 0));
        assertThat(received).containsExactlyInAnyOrderElementsOf(expected);
        ClientStatus.Delivery delivery = second.status().delivery();
        assertThat(delivery.accepted()).isEqualTo(delivery.delivered() + delivery.pending());
        Proof.sized("journal-restart")
            .with("backlog", EVENTS)
            .with("received", received.size())
            .with("lost", expected.size() - new HashSet<>(received).size())
            .with("double", received.size() - new HashSet<>(received).size())
            .print();
      }
      try (DefaultBillingClient third = Clients.start(durable(broker, broker.port()))) {
        assertThat(third.status().delivery().accepted()).isZero();
      }
    }
  }

  @Test
  void reportDurably_accepted_completesWithoutABroker() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory.resolve("broker"))) {
      broker.start();
      broker.stop();
      try (DefaultBillingClient client = Clients.start(durable(broker, broker.port()))) {
        Accepted accepted =
            client.reportDurably(event("k")).get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(accepted.seq()).isEqualTo(1);
        // The figures are those of the journal's last finished step.
        ClientStatus.Journal journal =
            Clients.await(client, status -> status.journal().segments() == 1).journal();
        assertThat(journal.onDisk()).isTrue();
        assertThat(journal.oldest()).isNotNull();
        assertThat(journal.trouble()).isNull();
        assertThat(client.close(Duration.ZERO)).isEqualTo(DrainReport.of(0, 1, 0));
      }
    }
  }

  @Test
  void reportDurably_rejected_endsWithTheReason() {
    BillingConfig config =
        BillingConfig.builder().host("broker.invalid").journalDirectory(directory).build();
    try (DefaultBillingClient client = DefaultBillingClient.create(config)) {
      client.start();
      CompletableFuture<Accepted> refused = client.reportDurably(UsageEvent.of("", "m", "m", 1));

      assertThat(refused)
          .failsWithin(Clients.PATIENCE)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(BillingException.class)
          .withMessageContaining("INVALID: apiKey");
      client.close(Duration.ZERO);
    }
  }

  private List<String> reportWithoutBroker(EmbeddedTestBroker broker) throws Exception {
    List<String> identities = new ArrayList<>();
    try (FaultProxy proxy = FaultProxy.to(broker.port())) {
      proxy.cut();
      try (DefaultBillingClient first = Clients.start(durable(broker, proxy.port()))) {
        for (int i = 0; i < EVENTS; i++) {
          identities.add(identity(first.report(event("old"))));
        }
        assertThat(first.close(Duration.ZERO)).isEqualTo(DrainReport.of(0, EVENTS, 0));
      }
    }
    return identities;
  }

  private BillingConfigBuilder durable(EmbeddedTestBroker broker, int port) {
    return BillingConfig.builder()
        .host(broker.host())
        .port(port)
        .caCertificates(broker.caPem())
        .protocol(Protocol.V1)
        .credentials(Role.SDK.user(), Role.SDK.password())
        .journalDirectory(directory.resolve("journal"));
  }

  private static UsageEvent event(String key) {
    return UsageEvent.of(key, "llm", "gpt-4", 1);
  }

  private static String identity(io.billingsdk.ReportOutcome outcome) {
    Accepted accepted = (Accepted) outcome;
    return accepted.stream() + "/" + accepted.seq();
  }

  private static List<String> identities(List<SpiedMessage> messages) {
    List<String> identities = new ArrayList<>();
    for (SpiedMessage message : messages) {
      Matcher matcher = IDENTITY.matcher(message.text());
      assertThat(matcher.find()).isTrue();
      identities.add(matcher.group(1) + "/" + matcher.group(2));
    }
    return identities;
  }
}
