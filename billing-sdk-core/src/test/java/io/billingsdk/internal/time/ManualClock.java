package io.billingsdk.internal.time;

import java.time.Duration;

/**
 * A clock that stands still until it is told to move. Wall and monotonic time can be moved apart.
 *
 * <p>Its monotonic time begins shortly before it overflows, so that code that compares two readings
 * instead of subtracting them fails in every test that lets a few seconds pass.
 */
public final class ManualClock implements Clock {
  private static final long START_NANOS = Long.MAX_VALUE - 5_000_000_000L;

  private volatile long wallMillis = 1_700_000_000_000L;
  private volatile long elapsedNanos;

  @Override
  public long wallMillis() {
    return wallMillis;
  }

  @Override
  public long monotonicNanos() {
    return START_NANOS + elapsedNanos;
  }

  /** Time passes: both clocks move. */
  public void advance(Duration passed) {
    if (passed.isNegative()) {
      throw new IllegalArgumentException("time does not pass backwards: " + passed);
    }
    long millisBefore = elapsedNanos / 1_000_000;
    elapsedNanos += passed.toNanos();
    wallMillis += elapsedNanos / 1_000_000 - millisBefore;
  }

  /** Somebody sets the clock: only wall time moves, either way. */
  public void jumpWall(Duration by) {
    wallMillis += by.toMillis();
  }

  /** How long it has been running. */
  public Duration elapsed() {
    return Duration.ofNanos(elapsedNanos);
  }
}
