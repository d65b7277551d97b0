package io.billingsdk.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.BillingClient;
import io.billingsdk.KeyDecision;
import io.billingsdk.Protocol;
import io.billingsdk.UsageEvent;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import io.billingsdk.server.keys.NewKey;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.WireSpy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The billing server with producers of both protocols, and what is on the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProtocolsSideBySideTest {
  private static final Duration PATIENCE = InProcess.PATIENCE;
  private static final Map.Entry<String, String> COMPRESSED = Map.entry(Gzip.PROPERTY, Gzip.VALUE);

  private InProcess world;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    world = InProcess.start(directory);
  }

  @AfterAll
  void stop() {
    world.close();
  }

  @Test
  void producersOfBothProtocols_areToldOfTheirKeys_andCountedOnce() throws Exception {
    NewKey legacy = world.admin().create("acme", List.of(), null, /* legacy= */ true);
    NewKey modern = world.admin().create("acme", List.of(), null, /* legacy= */ false);
    try (WireSpy python = WireSpy.on(world.broker(), Role.SDK, "billing/keys/update");
        BillingClient v1 = client("sdk-v1", Protocol.V1);
        BillingClient v2 = client("sdk-v2", Protocol.AUTO)) {
      hearsOfLegacyKeysOnly(python, legacy, modern);
      knows(v1, legacy, modern);
      assertThat(v2.status().protocol()).isEqualTo(Protocol.V2);
      assertThat(v2.check(legacy.text())).isInstanceOf(KeyDecision.Allowed.class);

      for (int i = 0; i < 40; i++) {
        v1.report(UsageEvent.of(legacy.text(), "llm", "by-sdk-v1", 2));
        v2.report(UsageEvent.of(modern.text(), "llm", "by-sdk-v2", 3));
      }
      reportWithoutNumbers(python, legacy, 10);
      reportTwice(python, legacy, 10);
      assertThat(v1.flush(PATIENCE).complete()).isTrue();
      assertThat(v2.flush(PATIENCE).complete()).isTrue();
      assertStoredOnce(legacy, modern);

      world.admin().block(legacy.keyId(), "unpaid");
      await().atMost(PATIENCE).until(() -> v1.check(legacy.text()) instanceof KeyDecision.Denied);
      python.await(seen -> last(seen).contains("\"blocked\""), PATIENCE);
    }
  }

  @Test
  void batchThatPays_isCompressedOnTheWire_andCountedOnce() throws Exception {
    NewKey key = world.admin().create("acme", List.of(), null, /* legacy= */ false);
    int events = 1_000;
    try (WireSpy wire = WireSpy.on(world.broker(), "billing/v2/sdk-gzip/usage");
        BillingClient sdk = client("sdk-gzip", Protocol.AUTO)) {
      assertThat(sdk.awaitReady(PATIENCE)).isTrue();
      for (int i = 0; i < events; i++) {
        sdk.report(
            UsageEvent.of(key.text(), "llm", "zipped", 1).withMetadata(Map.of("request", i)));
      }
      assertThat(sdk.flush(PATIENCE).complete()).isTrue();

      Set<Long> numbers = new HashSet<>();
      long onTheWire = 0;
      long expanded = 0;
      int compressed = 0;
      for (SpiedMessage each : wire.await(seen -> sent(seen) >= events, PATIENCE)) {
        byte[] json = json(each);
        onTheWire += each.payload().length;
        expanded += json.length;
        compressed += each.userProperties().contains(COMPRESSED) ? 1 : 0;
        UsageBatch.decode(json).events().forEach(event -> numbers.add(event.seq()));
      }
      assertThat(compressed).isPositive();
      assertThat(onTheWire).isLessThan(expanded / 2);
      assertThat(numbers).hasSize(events);
      assertThat(world.number("SELECT count(*) FROM usage_event WHERE model = 'zipped'"))
          .isEqualTo(events);
      assertThat(world.number("SELECT sum(events) FROM usage_rollup WHERE model = 'zipped'"))
          .isEqualTo(events);
      Size.proof("gzip-on-the-wire")
          .with("events", events)
          .with("batches", wire.messages().size())
          .with("compressed", compressed)
          .with("bytes", onTheWire)
          .with("expanded_bytes", expanded)
          .with("ledger", events)
          .print();
    }
  }

  private void hearsOfLegacyKeysOnly(WireSpy python, NewKey legacy, NewKey modern) {
    python.publish("billing/keys/request", "{\"timestamp\":1}".getBytes(UTF_8));
    python.await(seen -> last(seen).contains(legacy.text()), PATIENCE);
    assertThat(last(python.messages())).contains("\"ok\"").doesNotContain(modern.text());
  }

  private static void knows(BillingClient v1, NewKey legacy, NewKey modern) {
    assertThat(v1.awaitReady(PATIENCE)).isTrue();
    assertThat(v1.status().protocol()).isEqualTo(Protocol.V1);
    assertThat(v1.check(legacy.text())).isInstanceOf(KeyDecision.Allowed.class);
    assertThat(v1.check(modern.text())).isInstanceOf(KeyDecision.Denied.class);
  }

  /** As the Python SDK does: what is said twice cannot be told from two events. */
  private static void reportWithoutNumbers(WireSpy python, NewKey key, int events)
      throws Exception {
    for (int i = 0; i < events; i++) {
      python.publish("billing/report", V1Codec.encode(report(key, "by-python")).orElseThrow());
    }
  }

  private static void reportTwice(WireSpy python, NewKey key, int events) throws Exception {
    UUID stream = UUID.randomUUID();
    for (int seq = 1; seq <= events; seq++) {
      byte[] event = V1Codec.encode(report(key, "twice")).orElseThrow();
      byte[] message = V1Codec.message(event, stream, seq);
      python.publish("billing/report", message);
      python.publish("billing/report", message);
    }
  }

  private static V1Event report(NewKey key, String model) {
    return new V1Event(
        "acme", key.text(), "llm", model, 5, System.currentTimeMillis(), Map.of("a", 1));
  }

  private void assertStoredOnce(NewKey legacy, NewKey modern) throws Exception {
    String ours = "FROM usage_event WHERE app_id = 'acme' AND key_id IN ('%s', '%s')";
    String events = "SELECT count(*) " + ours.formatted(legacy.keyId(), modern.keyId());
    // A PUBACK, which is all that v1 has, comes before the commit.
    await().atMost(PATIENCE).until(() -> world.number(events) >= 100);
    assertThat(world.number(events)).isEqualTo(100);
    for (Map.Entry<String, Long> each :
        Map.of("by-sdk-v1", 80L, "by-sdk-v2", 120L, "by-python", 50L, "twice", 50L).entrySet()) {
      assertThat(
              world.number(
                  "SELECT sum(usage) FROM usage_event WHERE model = '" + each.getKey() + "'"))
          .as(each.getKey())
          .isEqualTo(each.getValue());
      assertThat(
              world.number(
                  "SELECT sum(usage) FROM usage_rollup WHERE model = '" + each.getKey() + "'"))
          .as(each.getKey())
          .isEqualTo(each.getValue());
    }
    assertThat(world.number("SELECT count(*) FROM conflicting_event")).isZero();
    Size.proof("protocols-side-by-side")
        .with("sdk_v2", 40)
        .with("sdk_v1", 40)
        .with("v1_without_numbers", 10)
        .with("v1_sent_twice", 10)
        .with("ledger", world.number(events))
        .print();
  }

  private BillingClient client(String id, Protocol protocol) {
    BillingClient client = world.client(id, settings -> settings.protocol(protocol));
    assertThat(client.awaitReady(PATIENCE)).isTrue();
    return client;
  }

  private static long sent(List<SpiedMessage> messages) {
    Set<Long> numbers = new HashSet<>();
    for (SpiedMessage each : messages) {
      try {
        UsageBatch.decode(json(each)).events().forEach(event -> numbers.add(event.seq()));
      } catch (Exception malformed) {
        throw new AssertionError(malformed);
      }
    }
    return numbers.size();
  }

  private static byte[] json(SpiedMessage message) throws Exception {
    return message.userProperties().contains(COMPRESSED)
        ? Gzip.expand(message.payload(), 1 << 20)
        : message.payload();
  }

  private static String last(List<SpiedMessage> messages) {
    return messages.isEmpty() ? "" : messages.get(messages.size() - 1).text();
  }
}
