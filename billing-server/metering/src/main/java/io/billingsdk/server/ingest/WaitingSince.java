package io.billingsdk.server.ingest;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Since when messages wait that have come and are not stored, by the second: a count for each
 * second in which one came that still waits. Thread-safe.
 */
final class WaitingSince {
  private static final long NANOS = 1_000_000_000L;

  private final LongSupplier nanos;
  private final long origin;
  private final ConcurrentHashMap<Long, Integer> bySecond = new ConcurrentHashMap<>();

  /** None yet; {@code nanos} as {@link System#nanoTime} has it. */
  WaitingSince(LongSupplier nanos) {
    this.nanos = nanos;
    this.origin = nanos.getAsLong();
  }

  private long second() {
    return (nanos.getAsLong() - origin) / NANOS;
  }

  /** One has come; the caller must run the result when it stops waiting. */
  Runnable enter() {
    long second = second();
    bySecond.merge(second, 1, Integer::sum);
    return () -> bySecond.computeIfPresent(second, (at, count) -> count == 1 ? null : count - 1);
  }

  /** How long the one that came first has waited; 0 when none waits. */
  long oldestSeconds() {
    long now = second();
    return bySecond.keySet().stream().mapToLong(second -> now - second).max().orElse(0);
  }
}
