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
        ? new KeyDecision.Allowed(Caller.of(KEY, "k_1", "aurora"))
        : KeyDecision.Denied.because(DenialReason.INVALID);
  }

  @Override
  public ClientStatus status() {
    return new ClientStatus(
        ConnectionState.CONNECTED,
        Instant.EPOCH,
        null,
        new ClientStatus.Delivery(0, 0, 0, 0, 0, Map.of()),
        new ClientStatus.Journal(false, 0, 0, 0, 0, 0, null, null),
        new ClientStatus.Keys(true, 1, 0, Instant.EPOCH));
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
