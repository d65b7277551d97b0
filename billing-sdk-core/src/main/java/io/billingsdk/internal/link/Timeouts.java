package io.billingsdk.internal.link;

import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * Ends the wait for futures. That of the JDK ({@code orTimeout}) begins a thread of the JDK's own,
 * which never ends and holds the class loader of the first caller.
 */
final class Timeouts {
  private Timeouts() {}

  /** The same future, which fails with a {@link TimeoutException} when it is not done by then. */
  static <T> CompletableFuture<T> within(
      Duration patience, Scheduler scheduler, CompletableFuture<T> future) {
    Cancellable late =
        scheduler.schedule(() -> future.completeExceptionally(new TimeoutException()), patience);
    var unused = future.whenComplete((result, failure) -> late.cancel());
    return future;
  }
}
