package io.billingsdk.server.quotas;

import java.time.Instant;

/**
 * A time in which a quota is counted. Immutable.
 *
 * @param start inclusive
 * @param end exclusive; the next period begins then
 */
record QuotaPeriod(Instant start, Instant end) {
  /** Refuses one that ends before it begins. */
  public QuotaPeriod {
    if (!end.isAfter(start)) {
      throw new IllegalArgumentException("a period must end after " + start + ", not at " + end);
    }
  }

  /** Whether a moment is within it. */
  public boolean contains(Instant moment) {
    return !moment.isBefore(start) && moment.isBefore(end);
  }
}
