package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.DenialReason;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.KeyDecision.Allowed;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.Protocol;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.WireSpy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client and a billing system of protocol v2, over TLS and a real broker. */
@Tag("broker")
@Timeout(240)
final class V2ClientTest {
  private static final String KEY = "sk-canary-known-7f3a";
  private static final String UNKNOWN = "sk-canary-unknown-11";

  @TempDir Path directory;

  private EmbeddedTestBroker broker;
  private FaultProxy proxy;

  @BeforeEach
  void start() {
    broker =
        EmbeddedTestBroker.in(
            directory.resolve("broker"),
            builder -> builder.user("old", "old-password", oldRules()));
    broker.start();
    proxy = FaultProxy.to(broker.port());
  }

  private static List<io.billingsdk.broker.TopicRule> oldRules() {
    return Role.SDK.rules().stream().filter(rule -> !rule.filter().contains("/v2/")).toList();
  }

  @AfterEach
  void stop() {
    proxy.close();
    broker.close();
  }

  private BillingConfigBuilder config() {
    return Clients.withCredentials(
        BillingConfig.builder()
            .host(broker.host())
            .port(proxy.port())
            .caCertificates(broker.caPem())
            .heartbeatInterval(Duration.ofSeconds(1))
            .journalDirectory(directory.resolve("journal")));
  }

  private static KeyRecord key(String key, KeyRecord.Status status, long version) {
    return new KeyRecord(
        "k_1",
        KeyRef.sha256(key),
        "aurora",
        status,
        null,
        version,
        null,
        List.of("gpt-4*"),
        null,
        List.of());
  }

  private static KeyRecord other(long version) {
    return new KeyRecord(
        "k_2",
        KeyRef.sha256("sk-other"),
        "aurora",
        KeyRecord.Status.OK,
        null,
        version,
        null,
        List.of(),
        null,
        List.of());
  }

  private static UsageEvent event(String key) {
    return UsageEvent.of(key, "llm", "gpt-4", 1);
  }

  private static void reportAll(DefaultBillingClient client, int events) {
    for (int i = 0; i < events; i++) {
      assertThat(client.report(event(i % 2 == 0 ? KEY : UNKNOWN)).accepted()).isTrue();
    }
  }

  private static void awaitDecision(
      DefaultBillingClient client, String key, Class<? extends KeyDecision> decision) {
    Awaitility.await()
        .atMost(Clients.PATIENCE)
        .untilAsserted(() -> assertThat(client.check(key)).isInstanceOf(decision));
  }

  @Test
  void auto_collectorOfV2_deliversByReceiptsNamesNoKeyAndIsRemembered() throws IOException {
    try (ScriptedCollector collector = ScriptedCollector.on(broker)) {
      collector.keys(5, key(KEY, KeyRecord.Status.OK, 5), other(4));
      List<Long> refused = new CopyOnWriteArrayList<>();
      try (DefaultBillingClient client = Clients.start(config())) {
        client.addListener(
            new BillingListener() {
              @Override
              public void eventDeadLettered(DeadLetter letter) {
                refused.add(letter.seq());
              }
            });
        assertThat(client.awaitReady(Clients.PATIENCE)).isTrue();
        reportAll(client, 1_000);
        UsageEvent once = event(KEY).withIdempotencyKey("req-42");
        assertThat(client.report(once).accepted()).isTrue();
        assertThat(client.report(UsageEvent.of(KEY, "llm", "refused", 1)).accepted()).isTrue();
        assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(1_001, 0, 1));

        ClientStatus status = client.status();
        assertThat(status.protocol()).isEqualTo(Protocol.V2);
        assertThat(status.keys().version()).isEqualTo(5);
        assertThat(collector.ledger()).hasSize(1_001);
        assertThat(collector.ledger())
            .filteredOn(event -> "req-42".equals(event.idempotencyKey()))
            .hasSize(1);
        assertThat(collector.ledger())
            .allMatch(e -> e.key() instanceof KeyRef.KeyId || e.key() instanceof KeyRef.KeySha256);
        Awaitility.await().atMost(Clients.PATIENCE).until(() -> !refused.isEmpty());
        assertHello(collector);
        assertModels(client);
      }
      assertNoKeyAnywhere(collector.usage());
    }
    assertRemembered();
  }

  private static void assertHello(ScriptedCollector collector) {
    Awaitility.await()
        .atMost(Clients.PATIENCE)
        .untilAsserted(
            () -> {
              Hello last = collector.hellos().get(collector.hellos().size() - 1);
              assertThat(last.lastSeq()).isEqualTo(1_002);
              assertThat(last.keysVersion()).isEqualTo(5);
              assertThat(last.keysWanted()).isFalse();
              assertThat(last.loss().accepted())
                  .isEqualTo(
                      last.loss().delivered() + last.loss().pending() + last.loss().deadLettered());
              assertThat(last.loss().delivered()).isEqualTo(1_001);
            });
  }

  private static void assertModels(DefaultBillingClient client) {
    assertThat(client.check(KEY, "gpt-4o")).isInstanceOf(Allowed.class);
    assertThat(client.check(KEY, "gpt-3"))
        .isEqualTo(Denied.because(DenialReason.MODEL_NOT_ALLOWED));
    assertThat(client.check(KEY)).isInstanceOf(Allowed.class);
    assertThat(client.check(UNKNOWN, "gpt-4")).isEqualTo(Denied.because(DenialReason.INVALID));
  }

  private void assertNoKeyAnywhere(List<SpiedMessage> usage) throws IOException {
    assertThat(usage).isNotEmpty();
    for (SpiedMessage message : usage) {
      byte[] json =
          message.userProperties().contains(Map.entry(Gzip.PROPERTY, Gzip.VALUE))
              ? Gzip.expand(message.payload(), 1 << 20)
              : message.payload();
      assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("sk-canary-unknown");
    }
  }

  /** What is there is spoken at once, and no key is in any file. */
  private void assertRemembered() throws IOException {
    Path journal = directory.resolve("journal");
    for (String name : List.of("protocol", "keys")) {
      Path file = journal.resolve(name);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(name)
          .isEqualTo("rw-------");
    }
    proxy.cut();
    try (DefaultBillingClient client = Clients.start(config())) {
      assertThat(client.status().protocol()).isEqualTo(Protocol.V2);
      assertThat(client.check(KEY)).as("from the snapshot file").isInstanceOf(Allowed.class);
      assertThat(client.awaitReady(Duration.ZERO)).isTrue();
      reportAll(client, 10);
      assertThat(client.close(Duration.ZERO)).isEqualTo(DrainReport.of(0, 10, 0));
    }
    try (var files = Files.walk(journal)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("sk-canary");
      }
    }
    proxy.pass();
    try (ScriptedCollector collector = ScriptedCollector.on(broker);
        DefaultBillingClient client = Clients.start(config())) {
      assertThat(client.flush(Clients.PATIENCE)).isEqualTo(DrainReport.of(10, 0, 0));
      assertThat(collector.ledger()).hasSize(10);
    }
  }

  @Test
  void keys_blocked_areRefusedAndAnOlderUpdateDoesNotReviveThem() {
    try (ScriptedCollector collector = ScriptedCollector.on(broker);
        DefaultBillingClient client = Clients.start(config())) {
      collector.keys(5, key(KEY, KeyRecord.Status.OK, 5), other(4));
      awaitDecision(client, KEY, Allowed.class);
      collector.change(5, 6, key(KEY, KeyRecord.Status.BLOCKED, 6));
      awaitDecision(client, KEY, Denied.class);
      collector.change(4, 5, key(KEY, KeyRecord.Status.OK, 5));
      collector.change(6, 7, other(7));
      Clients.await(client, status -> status.keys().version() == 7);
      assertThat(client.check(KEY)).isEqualTo(Denied.because(DenialReason.BLOCKED));
      assertThat(client.check("sk-other")).isInstanceOf(Allowed.class);
    }
  }

  @Test
  void presence_offline_holdsAndGoesOnWhenTheSystemIsBack() {
    try (ScriptedCollector collector = ScriptedCollector.on(broker);
        DefaultBillingClient client = Clients.start(config())) {
      Clients.await(client, status -> status.protocol() == Protocol.V2);
      collector.presence(/* online= */ false);
      Clients.await(client, status -> problem(status) == ProblemKind.NO_RECEIVER);
      reportAll(client, 100);
      assertThat(client.flush(Duration.ofMillis(500)).held()).isEqualTo(100);
      assertThat(collector.usage()).isEmpty();
      collector.presence(/* online= */ true);
      assertThat(client.flush(Clients.PATIENCE).delivered()).isEqualTo(100);
    }
  }

  private static @Nullable ProblemKind problem(ClientStatus status) {
    ClientStatus.Problem problem = status.lastProblem();
    return problem == null ? null : problem.kind();
  }

  /** Half of the receipts are lost or come twice, and the connection breaks again and again. */
  @Test
  void receipts_lostDoubledAndCutOff_everythingIsStoredOnceAndTheJournalDrains() {
    int events = 3_000;
    try (ScriptedCollector collector = ScriptedCollector.on(broker);
        DefaultBillingClient client = Clients.start(config())) {
      Clients.await(client, status -> status.protocol() == Protocol.V2);
      collector.loseReceipts(0.5);
      for (int i = 0; i < 3; i++) {
        reportAll(client, events / 3);
        proxy.cut();
        proxy.pass();
      }
      DrainReport drained = client.flush(Duration.ofSeconds(150));
      assertThat(drained).isEqualTo(DrainReport.of(events, 0, 0));
      assertThat(collector.ledger()).hasSize(events);
      Proof.of("receipts-lost")
          .with("events", events)
          .with("stored", collector.ledger().size())
          .with("lost", events - collector.ledger().size())
          .with("repeats_refused", collector.duplicates())
          .print();
    }
  }

  /** Its access rules know nothing of v2: the subscriptions of v2 are refused, and v1 is spoken. */
  @Test
  void auto_brokerThatGrantsOnlyV1_speaksV1() {
    BillingConfigBuilder old =
        BillingConfig.builder()
            .host(broker.host())
            .port(proxy.port())
            .caCertificates(broker.caPem())
            .credentials("old", "old-password")
            .journalInMemory(1 << 20);
    try (WireSpy system =
            WireSpy.on(broker, Role.SYSTEM, "billing/report", "billing/keys/request");
        DefaultBillingClient client = Clients.start(old)) {
      assertThat(client.report(event(KEY)).accepted()).isTrue();
      system.await(
          seen -> seen.stream().anyMatch(m -> m.topic().endsWith("/request")), Clients.PATIENCE);
      assertThat(client.status().delivery().delivered()).as("not known yet").isZero();
      assertThat(client.status().protocol()).isEqualTo(Protocol.AUTO);
      system.publish(
          "billing/keys/update",
          ("{\"timestamp\":1,\"updates\":[{\"app_id\":\"a\",\"api_key\":\""
                  + KEY
                  + "\",\"status\":\"ok\"}]}")
              .getBytes(StandardCharsets.UTF_8));
      assertThat(client.flush(Clients.PATIENCE).delivered()).isEqualTo(1);
      assertThat(client.status().protocol()).isEqualTo(Protocol.V1);
      assertThat(client.awaitReady(Clients.PATIENCE)).isTrue();
      assertThat(client.check(KEY)).isInstanceOf(Allowed.class);
    }
  }

  /** A key update that speaks of v2 is enough, though nobody has retained a presence. */
  @Test
  void auto_keyUpdateWithProtocol2_isV2() {
    try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/keys/request");
        DefaultBillingClient client = Clients.start(config())) {
      system.await(seen -> !seen.isEmpty(), Clients.PATIENCE);
      List<String> none = new ArrayList<>();
      system.publish(
          "billing/keys/update",
          ("{\"timestamp\":1,\"protocol\":2,\"updates\":" + none + "}")
              .getBytes(StandardCharsets.UTF_8));
      Clients.await(client, status -> status.protocol() == Protocol.V2);
      Awaitility.await()
          .atMost(Clients.PATIENCE)
          .until(() -> Files.exists(directory.resolve("journal").resolve("protocol")));
      assertThat(Objects.requireNonNull(client.check(KEY))).isInstanceOf(Denied.class);
    }
  }
}
