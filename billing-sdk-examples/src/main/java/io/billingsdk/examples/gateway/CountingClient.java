package io.billingsdk.examples.gateway;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.Caller;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The client of the gateway, which keeps a tally of what is reported through it. Thread-safe. */
final class CountingClient implements BillingClient {
  private final BillingClient client;
  private final UsageTally tally;

  /** Who was let in: when an event comes, its key may be blocked already. */
  private final Map<String, Caller> callers = new ConcurrentHashMap<>();

  CountingClient(BillingClient client, UsageTally tally) {
    this.client = client;
    this.tally = tally;
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    ReportOutcome outcome = client.report(event);
    Caller caller = event == null ? null : callers.get(String.valueOf(event.apiKey()));
    if (event != null && caller != null) {
      tally.count(caller, event, outcome);
    }
    return outcome;
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
    return client.reportDurably(event);
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    KeyDecision decision = client.check(apiKey);
    if (apiKey != null && decision instanceof KeyDecision.Allowed allowed) {
      callers.put(apiKey, allowed.caller());
    }
    return decision;
  }

  @Override
  public ClientStatus status() {
    return client.status();
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return client.awaitReady(timeout);
  }

  @Override
  public DrainReport flush(Duration timeout) {
    return client.flush(timeout);
  }

  @Override
  public DrainReport close(Duration timeout) {
    return client.close(timeout);
  }

  @Override
  public void addListener(BillingListener listener) {
    client.addListener(listener);
  }

  @Override
  public void removeListener(BillingListener listener) {
    client.removeListener(listener);
  }
}
