package io.billingsdk.grpc;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Another client, of which a test changes a part. */
class ForwardingClient implements BillingClient {
  private final BillingClient client;

  ForwardingClient(BillingClient client) {
    this.client = client;
  }

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    return client.report(event);
  }

  @Override
  public CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event) {
    return client.reportDurably(event);
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    return client.check(apiKey);
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
