package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingClient;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A whole server: services report to it, it is killed, it comes back. */
@Tag("system")
class LocalBillingServerTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @Test
  void server_servicesReportAndItIsKilled_hasAllOfItAndStartsAgain() {
    long begun = System.nanoTime();
    Path home;
    try (LocalBillingServer server = LocalBillingServer.launch()) {
      home = server.log().toAbsolutePath().getParent();
      final long startMillis = (System.nanoTime() - begun) / 1_000_000;
      LocalKey key = server.createKey("ada");
      LocalKey blocked = server.createFurtherKey("ada");
      server.block(blocked, "unpaid");
      try (BillingClient client = client(server)) {
        assertThat(client.awaitReady(TIMEOUT)).isTrue();
        Await.until(() -> client.check(key.apiKey()) instanceof KeyDecision.Allowed);
        Await.until(() -> isBlocked(client, blocked));
        report(client, key, 20);
        assertThat(client.flush(TIMEOUT).complete()).isTrue();
        assertThat(server.awaitUsage("ada", 20, TIMEOUT).events()).isEqualTo(20);

        server.kill();
        report(client, key, 10);
        assertThat(client.flush(Duration.ZERO).held()).isEqualTo(10);
        server.start();
        assertThat(client.flush(TIMEOUT).complete()).isTrue();
        server.unblock(blocked);
        Await.until(() -> client.check(blocked.apiKey()) instanceof KeyDecision.Allowed);
      }
      LocalUsage usage = server.awaitUsage("ada", 30, TIMEOUT);
      assertThat(usage.events()).isEqualTo(30);
      assertThat(usage.usage()).isEqualByComparingTo(new BigDecimal("45"));
      assertThat(usage).hasToString("LocalUsage[events=30, usage=45]");
      assertThat(key.toString()).contains("ada").doesNotContain(key.apiKey());
      assertThatThrownBy(() -> server.createKey("ada")).hasMessageContaining("refused");
      assertThatThrownBy(server::start).hasMessageContaining("stop or kill it first");
      Proof.of("testkit-local-server")
          .with("start_ms", startMillis)
          .with("reported", 30)
          .with("stored", usage.events())
          .print();
    }
    assertThat(home).doesNotExist();
  }

  private static BillingClient client(LocalBillingServer server) {
    BillingClient client = BillingClient.create(server.config("service-1").build());
    client.start();
    return client;
  }

  private static boolean isBlocked(BillingClient client, LocalKey key) {
    return client.check(key.apiKey()) instanceof KeyDecision.Denied denied
        && denied.reason() == DenialReason.BLOCKED;
  }

  private static void report(BillingClient client, LocalKey key, int events) {
    for (int i = 0; i < events; i++) {
      assertThat(client.report(UsageEvent.of(key.apiKey(), "llm", "gpt-4", 1.5)).accepted())
          .isTrue();
    }
  }
}
