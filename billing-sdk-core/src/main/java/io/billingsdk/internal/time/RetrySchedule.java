package io.billingsdk.internal.time;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: doubling from {@code first} to {@code last}, and up to
 * half of that more, at random, so that a fleet that failed together does not come back together.
 *
 * @param first base of the delay before the first repetition
 * @param last largest base, a year at most
 * @param random gives numbers from 0 (inclusive) to 1 (exclusive)
 */
public record RetrySchedule(Duration first, Duration last, DoubleSupplier random) {

  private static final Duration LONGEST = Duration.ofDays(365);

  /** Refuses an empty or inverted range, and one that jitter would carry beyond a long. */
  public RetrySchedule {
    if (first.isNegative()
        || first.isZero()
        || last.compareTo(first) < 0
        || last.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("not a range of delays: " + first + " to " + last);
    }
  }

  /**
   * The delay before a repetition.
   *
   * @param failures attempts that failed before, 0 or more; any number is fine
   */
  public Duration delay(int failures) {
    // Beyond 62 doublings the shift would wrap around to a tiny or negative delay.
    int doublings = Math.min(Math.max(failures, 0), 62);
    long base = last.toNanos();
    if (first.toNanos() <= base >> doublings) {
      base = first.toNanos() << doublings;
    }
    return Duration.ofNanos(base + (long) (base * 0.5 * random.getAsDouble()));
  }
}
