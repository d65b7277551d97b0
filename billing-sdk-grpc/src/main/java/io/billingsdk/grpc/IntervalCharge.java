package io.billingsdk.grpc;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Settles open streams at an interval. Its one thread is a daemon, made with the first stream. */
final class IntervalCharge {
  static final IntervalCharge NONE = new IntervalCharge(null);

  private final long intervalNanos;
  private final @Nullable ScheduledThreadPoolExecutor timer;

  IntervalCharge(@Nullable Duration interval) {
    intervalNanos = interval == null ? 0 : interval.toNanos();
    timer = interval == null ? null : timer();
  }

  /** Runs it at each interval; the result ends that, and is cheap. */
  Runnable begin(Runnable settle) {
    if (timer == null) {
      return () -> {};
    }
    ScheduledFuture<?> task =
        timer.scheduleWithFixedDelay(settle, intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
    return () -> task.cancel(/* mayInterruptIfRunning= */ false);
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "billing-metering");
              thread.setDaemon(true);
              return thread;
            });
    // A stream that has ended would otherwise stay in the queue, with its messages, until its time.
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }
}
