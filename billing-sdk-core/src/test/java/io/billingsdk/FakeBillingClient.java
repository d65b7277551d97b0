package io.billingsdk;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A client that remembers what it was given. */
class FakeBillingClient implements BillingClient {
  static final UUID STREAM = new UUID(4, 7);
  static final DrainReport DRAINED = DrainReport.of(1, 2, 3).withLost(4);

  private final List<@Nullable UsageEvent> reported = new ArrayList<>();
  private @Nullable Duration closedWith;

  List<@Nullable UsageEvent> reported() {
    return reported;
  }

  @Nullable Duration closedWith() {
    return closedWith;
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    reported.add(event);
    return ReportOutcome.Accepted.of(STREAM, reported.size());
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
    return CompletableFuture.completedFuture((ReportOutcome.Accepted) report(event));
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    return KeyDecision.Denied.because(DenialReason.UNAVAILABLE);
  }

  @Override
  public ClientStatus status() {
    return ClientStatus.of(
        closedWith == null ? ConnectionState.CONNECTED : ConnectionState.CLOSED,
        Instant.EPOCH,
        ClientStatus.Delivery.of(0, 0, 0, 0, 0, Map.of()),
        ClientStatus.Journal.of(false, 0, 0),
        ClientStatus.Keys.of(false, 0, 0, null));
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return false;
  }

  @Override
  public DrainReport flush(Duration timeout) {
    return DRAINED;
  }

  @Override
  public DrainReport close(Duration timeout) {
    closedWith = timeout;
    return DRAINED;
  }

  @Override
  public void addListener(BillingListener listener) {}

  @Override
  public void removeListener(BillingListener listener) {}
}
