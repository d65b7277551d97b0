package io.billingsdk.internal.client;

import io.billingsdk.BillingException;
import io.billingsdk.ReportOutcome;
import io.billingsdk.internal.Faults;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers those who wait until their event is on disk, on the thread of the listeners. */
final class DurableReports {
  private final Executor callbacks;
  private final Faults faults;

  DurableReports(Executor callbacks, Faults faults) {
    this.callbacks = callbacks;
    this.faults = faults;
  }

  /** Reports at once, by an action that has the journal complete its argument. */
  CompletableFuture<ReportOutcome.Accepted> report(
      Function<CompletableFuture<Void>, ReportOutcome> action) {
    CompletableFuture<ReportOutcome.Accepted> result = new CompletableFuture<>();
    CompletableFuture<Void> durable = new CompletableFuture<>();
    ReportOutcome outcome = action.apply(durable);
    if (outcome instanceof ReportOutcome.Accepted accepted) {
      // Not on the journal's thread: what the caller hangs on it could block all others.
      var unused = durable.whenComplete((nothing, failed) -> tell(result, accepted, failed));
    } else {
      result.completeExceptionally(new BillingException((ReportOutcome.Rejected) outcome));
    }
    return result;
  }

  private void tell(
      CompletableFuture<ReportOutcome.Accepted> result,
      ReportOutcome.Accepted accepted,
      @Nullable Throwable failed) {
    try {
      callbacks.execute(() -> settle(result, accepted, failed));
    } catch (Throwable noThread) {
      // Here it would vanish, and the caller wait for ever.
      faults.caught("the thread billing-callbacks", noThread);
      settle(result, accepted, failed);
    }
  }

  private static void settle(
      CompletableFuture<ReportOutcome.Accepted> result,
      ReportOutcome.Accepted accepted,
      @Nullable Throwable failed) {
    if (failed == null) {
      result.complete(accepted);
    } else {
      result.completeExceptionally(
          new BillingException("the event is accepted, but not on disk", failed));
    }
  }
}
