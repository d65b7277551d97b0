package io.billingsdk.server.outbox;

import java.time.Duration;

/**
 * How often a delivery that fails is tried, and when.
 *
 * @param attempts how often in all, 1 or more; after the last one the event is parked
 * @param first the pause after the first failure; it doubles with each
 * @param longest the longest pause
 * @param timeout how long one attempt takes at most; after it another server may try, so that a
 *     subscriber has to give up before
 */
public record RetryPlan(int attempts, Duration first, Duration longest, Duration timeout) {
  /** 16 attempts in two hours and a half, for subscribers within the server. */
  public static final RetryPlan USUAL =
      new RetryPlan(16, Duration.ofSeconds(1), Duration.ofMinutes(30), Duration.ofMinutes(1));

  private static final int MOST_DOUBLINGS = 30;

  /** Refuses one without an attempt. */
  public RetryPlan {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be 1 or more, but are " + attempts);
    }
  }

  /** The pause after an attempt that failed; the first one has number 1. */
  Duration after(int attempt) {
    Duration pause = first.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
