package io.billingsdk.examples.gateway;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.Caller;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client that knows one key and keeps what is reported. */
final class RecordingClient implements BillingClient {
  static final String KEY = "good-key";

  private static final UUID STREAM = new UUID(0, 1);

  private final List<UsageEvent> events = new CopyOnWriteArrayList<>();
  private volatile boolean full;

  List<UsageEvent> events() {
    return List.copyOf(events);
  }

  /** From now on nothing is accepted. */
  void becomeFull() {
    full = true;
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    if (event == null || full) {
      return ReportOutcome.Rejected.of(RejectionReason.BUFFER_FULL, "", "full");
    }
    events.add(event);
    return ReportOutcome.Accepted.of(STREAM, events.size());
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
    return CompletableFuture.completedFuture((ReportOutcome.Accepted) report(event));
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    return KEY.equals(apiKey)
        ? KeyDecision.Allowed.of(Caller.of(KEY, "k_1", "aurora"))
        : KeyDecision.Denied.because(DenialReason.INVALID);
  }

  @Override
  public ClientStatus status() {
    return ClientStatus.of(
        ConnectionState.CONNECTED,
        Instant.EPOCH,
        ClientStatus.Delivery.of(0, 0, 0, 0, 0, Map.of()),
        ClientStatus.Journal.of(false, 0, 0),
        ClientStatus.Keys.of(true, 1, 0, Instant.EPOCH));
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return true;
  }

  @Override
  public DrainReport flush(Duration timeout) {
    return DrainReport.of(events.size(), 0, 0);
  }

  @Override
  public DrainReport close(Duration timeout) {
    return flush(timeout);
  }

  @Override
  public void addListener(BillingListener listener) {}

  @Override
  public void removeListener(BillingListener listener) {}
}
