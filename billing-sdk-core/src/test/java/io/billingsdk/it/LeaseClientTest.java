package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.BillingConfig;
import io.billingsdk.DenialReason;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.LeaseRequest.Holding;
import io.billingsdk.testbed.EmbeddedTestBroker;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases of a client with a journal on disk, over TLS and a real broker. */
@Tag("broker")
@Timeout(240)
final class LeaseClientTest {
  private static final String KEY = "sk-leased";
  private static final int LEASE = 20;

  @TempDir Path directory;

  @Test
  void client_withALease_admitsItAndNamesItInItsEventsAndGivesItBack() {
    EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory.resolve("broker"), builder -> {});
    broker.start();
    try (ScriptedCollector collector = ScriptedCollector.on(broker)) {
      collector.keys(1, key());
      collector.lease(LEASE);
      DefaultBillingClient client =
          Clients.start(
              Clients.withCredentials(
                  BillingConfig.builder()
                      .host(broker.host())
                      .port(broker.port())
                      .caCertificates(broker.caPem())
                      .journalDirectory(directory.resolve("journal"))));
      assertThat(client.awaitReady(Clients.PATIENCE)).isTrue();
      Awaitility.await()
          .atMost(Clients.PATIENCE)
          .until(() -> client.admit(event()) instanceof Admitted first && closed(first));
      for (int i = 0; i < LEASE; i++) {
        assertThat(((Admitted) client.admit(event())).settle(event()).accepted()).isTrue();
      }
      Admission more = client.admit(event());
      assertThat(((Refused) more).reason()).isEqualTo(DenialReason.QUOTA_EXCEEDED);
      assertThat(client.close(Duration.ofSeconds(60)).held()).isZero();
      assertThat(collector.ledger())
          .hasSize(LEASE)
          .allSatisfy(each -> assertThat(each.admission()).containsExactly("e-q1"));
      Awaitility.await()
          .atMost(Clients.PATIENCE)
          .until(
              () ->
                  collector.leaseRequests().stream()
                      .flatMap(each -> each.asks().stream())
                      .anyMatch(
                          ask ->
                              ask.holding() == Holding.DONE
                                  && ask.spent().intValueExact() == LEASE));
    } finally {
      broker.close();
    }
  }

  private static boolean closed(Admitted call) {
    call.close();
    return true;
  }

  private static UsageEvent event() {
    return UsageEvent.of(KEY, "llm", "gpt-4", 1);
  }

  private static KeyRecord key() {
    return new KeyRecord(
        "k_1",
        KeyRef.sha256(KEY),
        "aurora",
        KeyRecord.Status.OK,
        null,
        1,
        null,
        List.of(),
        null,
        List.of(
            new KeyRecord.Quota(
                "calls", BigDecimal.valueOf(LEASE), BigDecimal.ZERO, null, false, "q1")));
  }
}
