package io.billingsdk.benchmarks.grpc;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.KeyDecision;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.keys.KeyTable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The SDK's own key table without a connection: only keys can be checked. */
record KeyTableClient(KeyTable table) implements BillingClient {

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    return table.check(apiKey);
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
  public ClientStatus status() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return true;
  }

  @Override
  public DrainReport flush(Duration timeout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DrainReport close(Duration timeout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addListener(BillingListener listener) {}

  @Override
  public void removeListener(BillingListener listener) {}
}
