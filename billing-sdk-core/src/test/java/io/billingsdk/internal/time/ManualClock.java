package io.billingsdk.internal.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is told to move. Wall and monotonic time can be moved apart.
 *
 * <p>Its monotonic time begins shortly before it overflows, so that code that compares two readings
 * instead of subtracting them fails in every test that lets a few seconds pass.
 */
public final class ManualClock implements Clock {
  private static final long START_NANOS = Long.MAX_VALUE - 5_000_000_000L;

  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final AtomicLong elapsedNanos = new AtomicLong();

  @Override
  public long wallMillis() {
    return wallMillis.get();
  }

  @Override
  public long monotonicNanos() {
    return START_NANOS + elapsedNanos.get();
  }

  /** Time passes: both clocks move. */
  public void advance(Duration passed) {
    if (passed.isNegative()) {
      throw new IllegalArgumentException("time does not pass backwards: " + passed);
    }
    long nanosAfter = elapsedNanos.addAndGet(passed.toNanos());
    long millisBefore = (nanosAfter - passed.toNanos()) / 1_000_000;
    wallMillis.addAndGet(nanosAfter / 1_000_000 - millisBefore);
  }

  /** Somebody sets the clock: only wall time moves, either way. */
  public void jumpWall(Duration by) {
    wallMillis.addAndGet(by.toMillis());
  }

  /** How long it has been running. */
  public Duration elapsed() {
    return Duration.ofNanos(elapsedNanos.get());
  }
}
