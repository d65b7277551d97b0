package io.billingsdk.spring;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.DenialReason;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client in a certain state, which lets nobody in. */
final class StandInClient implements BillingClient {
  private final AtomicInteger closed = new AtomicInteger();
  private final ClientStatus status;

  StandInClient(ConnectionState state) {
    status =
        new ClientStatus(
            state,
            Instant.now(),
            new ClientStatus.Problem(
                ClientStatus.ProblemKind.NETWORK, "connection refused", Instant.now()),
            new ClientStatus.Delivery(
                /* accepted= */ 3,
                /* delivered= */ 1,
                /* pending= */ 2,
                /* deadLettered= */ 0,
                /* dropped= */ 0,
                Map.of()),
            new ClientStatus.Journal(
                true, 4096, 1, 0, 0, 0, Instant.now().minus(Duration.ofSeconds(90)), null),
            new ClientStatus.Keys(true, 12, 3, Instant.now().minus(Duration.ofSeconds(20))));
  }

  /** How often it was closed. */
  int closed() {
    return closed.get();
  }

  @Override
  public ClientStatus status() {
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
    closed.incrementAndGet();
    return new DrainReport(0, 0, 0, 0);
  }

  @Override
  public void addListener(BillingListener listener) {}

  @Override
  public void removeListener(BillingListener listener) {}
}
