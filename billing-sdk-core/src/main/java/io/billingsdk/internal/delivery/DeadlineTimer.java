package io.billingsdk.internal.delivery;

import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One timer, for the first of all that is awaited. It may come too early: the called part looks
 * again. Confined to the scheduler's thread.
 */
final class DeadlineTimer {
  private static final long TOLERANCE_NANOS = 100_000;

  private final Clock clock;
  private final Scheduler scheduler;
  private final Runnable look;

  private @Nullable Cancellable timer;
  private long atNanos;

  DeadlineTimer(Clock clock, Scheduler scheduler, Runnable look) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.look = look;
  }

  /** Looks after so long, or earlier; with {@link Long#MAX_VALUE} nothing is asked for. */
  void within(long nanos) {
    long nowNanos = clock.monotonicNanos();
    if (nanos == Long.MAX_VALUE
        || (timer != null && atNanos - nowNanos <= nanos + TOLERANCE_NANOS)) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    atNanos = nowNanos + nanos;
    timer = scheduler.schedule(this::now, Duration.ofNanos(Math.max(0, nanos)));
  }

  private void now() {
    timer = null;
    look.run();
  }
}
