package io.billingsdk.micrometer;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.DenialReason;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client that has a status and nothing else. */
final class StatusClient implements BillingClient {
  private final AtomicInteger asked = new AtomicInteger();
  private final ClientStatus status;

  StatusClient(ConnectionState state, long accepted, long delivered, long rejected) {
    status =
        new ClientStatus(
            state,
            Instant.now(),
            null,
            new ClientStatus.Delivery(
                accepted,
                delivered,
                /* pending= */ accepted - delivered,
                /* deadLettered= */ 0,
                /* dropped= */ 0,
                Map.of(RejectionReason.BUFFER_FULL, rejected)),
            new ClientStatus.Journal(
                true, 4096, 1, 0, 0, 0, Instant.now().minus(Duration.ofSeconds(90)), null),
            new ClientStatus.Keys(true, 12, 3, Instant.now().minus(Duration.ofSeconds(20))));
  }

  /** How often its status was asked for. */
  int asked() {
    return asked.get();
  }

  @Override
  public ClientStatus status() {
    asked.incrementAndGet();
    return status;
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
    throw new UnsupportedOperationException();
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    return KeyDecision.Denied.because(DenialReason.UNAVAILABLE);
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return true;
  }

  @Override
  public DrainReport flush(Duration timeout) {
    return new DrainReport(0, 0, 0, 0);
  }

  @Override
  public DrainReport close(Duration timeout) {
    return new DrainReport(0, 0, 0, 0);
  }

  @Override
  public void addListener(BillingListener listener) {}

  @Override
  public void removeListener(BillingListener listener) {}
}
