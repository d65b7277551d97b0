package io.billingsdk.internal.time;

/**
 * Two clocks. Wall time goes into data and nowhere else, because it may jump; every duration is a
 * difference of two monotonic readings.
 */
public interface Clock {

  /** Milliseconds since 1970-01-01T00:00:00Z; may jump either way. */
  long wallMillis();

  /**
   * Nanoseconds since some moment, which may be negative; never steps back. Compare differences.
   */
  long monotonicNanos();

  /** The clocks of this machine. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }
}
