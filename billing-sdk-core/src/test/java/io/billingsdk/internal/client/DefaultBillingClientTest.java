package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingException;
import io.billingsdk.ConnectionState;
import io.billingsdk.DenialReason;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lifecycle, without a connection: no broker listens where the client looks. */
@Timeout(60)
final class DefaultBillingClientTest {
  private static final UsageEvent EVENT = UsageEvent.of("key", "llm", "gpt-4", 1);

  private final DefaultBillingClient client =
      DefaultBillingClient.create(
          BillingConfig.builder().host("broker.invalid").journalInMemory(1 << 20).build());

  @BeforeEach
  void start() {
    client.start();
  }

  @AfterEach
  void close() {
    client.close(Duration.ZERO);
  }

  @Test
  void create_always_startsNothing() {
    client.close(Duration.ZERO);
    DefaultBillingClient created =
        DefaultBillingClient.create(BillingConfig.builder().host("broker.invalid").build());
    assertThat(created.status().state()).isEqualTo(ConnectionState.NOT_STARTED);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("billing-delivery");
    assertThat(created.check("key")).isInstanceOf(Denied.class);
    assertThat(((Denied) created.check("key")).reason()).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void status_afterReports_holdsTheLossEquation() {
    assertThat(client.report(EVENT).accepted()).isTrue();
    assertThat(client.report(EVENT).accepted()).isTrue();
    assertThat(client.report(null).accepted()).isFalse();
    var delivery = client.status().delivery();
    assertThat(delivery.accepted()).isEqualTo(2);
    assertThat(delivery.pending()).isEqualTo(2);
    assertThat(delivery.rejected()).containsOnlyKeys(RejectionReason.INVALID);
    assertThat(client.status().journal().bytes()).isPositive();
  }

  @Test
  void close_withUndeliveredEvents_saysThatTheyAreLost() {
    assertThat(client.report(EVENT).accepted()).isTrue();
    DrainReport report = client.close(Duration.ZERO);
    assertThat(report).isEqualTo(DrainReport.of(0, 0, 0).withLost(1));
    assertThat(report.complete()).isFalse();
    assertThat(client.status().state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  void close_twiceAndFromTwoThreads_givesTheSameReport() throws Exception {
    assertThat(client.report(EVENT).accepted()).isTrue();
    List<CompletableFuture<DrainReport>> reports = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      reports.add(CompletableFuture.supplyAsync(() -> client.close(Duration.ofMillis(50))));
    }
    for (CompletableFuture<DrainReport> report : reports) {
      assertThat(report.get(30, TimeUnit.SECONDS)).isSameAs(client.close(Duration.ZERO));
    }
  }

  @Test
  void report_afterClose_isRejected() {
    client.close(Duration.ZERO);
    assertThat(client.report(EVENT)).isInstanceOf(Rejected.class);
    assertThat(((Rejected) client.report(EVENT)).reason()).isEqualTo(RejectionReason.CLOSED);
  }

  @Test
  void flushAndAwaitReady_afterClose_returnAtOnce() {
    assertThat(client.report(EVENT).accepted()).isTrue();
    client.close(Duration.ZERO);
    assertThat(client.flush(Duration.ofHours(1)).delivered()).isZero();
    assertThat(client.awaitReady(Duration.ofHours(1))).isFalse();
  }

  /** "For ever" does not fit into a long of nanoseconds: half-closed, the client threw. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 9_223_372_037L})
  void closeAndFlush_timeoutBeyondALongOfNanos_waitWithoutThrowing(long seconds) {
    assertThat(client.flush(Duration.ofSeconds(seconds)).complete()).isTrue();
    assertThat(client.close(Duration.ofSeconds(seconds)).complete()).isTrue();
    assertThat(client.status().state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  void closeAndFlush_negativeTimeout_doNotWaitAndDoNotThrow() {
    assertThat(client.report(EVENT).accepted()).isTrue();
    assertThat(client.flush(Duration.ofSeconds(Long.MIN_VALUE)).held()).isEqualTo(1);
    assertThat(client.awaitReady(Duration.ofMillis(-1))).isFalse();
    assertThat(client.close(Duration.ofSeconds(-1)).lost()).isEqualTo(1);
  }

  @Test
  void awaitReady_interrupted_returnsFalseAndKeepsTheFlag() {
    Thread.currentThread().interrupt();
    assertThat(client.awaitReady(Duration.ofHours(1))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void start_caFileMissing_failsNamingSettingAndFile() {
    DefaultBillingClient broken =
        DefaultBillingClient.create(
            BillingConfig.builder()
                .host("broker.invalid")
                .caCertificates(Path.of("no.pem"))
                .build());
    assertThatThrownBy(broken::start)
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("caCertificates")
        .hasMessageContaining("no.pem")
        .hasMessageContaining("cannot be read");
  }
}
