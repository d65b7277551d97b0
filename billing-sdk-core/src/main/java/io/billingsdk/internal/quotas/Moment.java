package io.billingsdk.internal.quotas;

import io.billingsdk.internal.time.Clock;

/**
 * Both clocks at once: periods are of the wall, durations of the clock that does not jump.
 *
 * @param wallMillis since 1970
 * @param nanos monotonic; compare differences
 */
record Moment(long wallMillis, long nanos) {
  static Moment of(Clock clock) {
    return new Moment(clock.wallMillis(), clock.monotonicNanos());
  }
}
