package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingException;
import io.billingsdk.BillingListener;
import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.Caller;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.DenialReason;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageContext;
import io.billingsdk.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client that decides by a table given to it and keeps what is reported. */
final class TableClient implements BillingClient {
  private final Map<String, KeyDecision> decisions = new ConcurrentHashMap<>();
  private final List<UsageEvent> reported = new CopyOnWriteArrayList<>();
  private final List<BillingListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean broken;
  private volatile boolean storageFailed;

  TableClient decide(String apiKey, KeyDecision decision) {
    decisions.put(apiKey, decision);
    return this;
  }

  TableClient allow(String apiKey, String appId) {
    return decide(apiKey, KeyDecision.Allowed.of(Caller.of(apiKey, "k_" + appId, appId)));
  }

  /** Blocks a key that was allowed, and tells the listeners as a client does. */
  void block(String apiKey, String reason) {
    KeyDecision before = decisions.get(apiKey);
    decide(apiKey, KeyDecision.Denied.because(DenialReason.BLOCKED).withOperatorReason(reason));
    if (before instanceof KeyDecision.Allowed allowed) {
      KeyChange change = KeyChange.of(allowed.caller(), /* blocked= */ true, reason);
      listeners.forEach(listener -> listener.keyChanged(change));
    }
  }

  /** Refuses to store what it is given durably. */
  void failStorage() {
    storageFailed = true;
  }

  void breakDown() {
    broken = true;
  }

  /** How much each event says. */
  static List<Double> usages(List<UsageEvent> events) {
    return events.stream().map(event -> requireNonNull(event.usage()).doubleValue()).toList();
  }

  List<UsageEvent> reported() {
    return reported;
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    if (event != null) {
      reported.add(event.inContext(UsageContext.current()));
    }
    return ReportOutcome.Accepted.of(new UUID(0, 0), reported.size());
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
    if (storageFailed) {
      return CompletableFuture.failedFuture(new BillingException("the disk is full"));
    }
    return CompletableFuture.completedFuture((ReportOutcome.Accepted) report(event));
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    if (broken) {
      throw new IllegalStateException("broken down, while checking " + apiKey);
    }
    return decisions.getOrDefault(
        String.valueOf(apiKey), KeyDecision.Denied.because(DenialReason.INVALID));
  }

  @Override
  public ClientStatus status() {
    return ClientStatus.of(
        ConnectionState.CONNECTED,
        Instant.EPOCH,
        ClientStatus.Delivery.of(0, 0, 0, 0, 0, Map.of()),
        ClientStatus.Journal.of(false, 0, 0),
        ClientStatus.Keys.of(true, decisions.size(), 0, null));
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return true;
  }

  @Override
  public DrainReport flush(Duration timeout) {
    return DrainReport.of(reported.size(), 0, 0);
  }

  @Override
  public DrainReport close(Duration timeout) {
    return flush(timeout);
  }

  @Override
  public void addListener(BillingListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(BillingListener listener) {
    listeners.remove(listener);
  }
}
