package io.billingsdk.examples.gateway;

import io.billingsdk.examples.usage.UsageLine;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exact sums of usage by key, module and model. Thread-safe.
 *
 * <p>In decimal numbers: doubles would add up to different sums in different orders, and the two
 * ends of the demo see the events in different orders.
 */
final class UsageSums {
  private record Sum(long events, BigDecimal usage) {
    Sum plus(BigDecimal more) {
      return new Sum(events + 1, usage.add(more));
    }
  }

  private final Map<UsageLine.Subject, Sum> sums = new HashMap<>();

  /** Adds one event. */
  synchronized void add(UsageLine.Subject subject, BigDecimal usage) {
    sums.put(subject, sums.getOrDefault(subject, new Sum(0, BigDecimal.ZERO)).plus(usage));
  }

  /** How many events there were. */
  synchronized long events() {
    return sums.values().stream().mapToLong(Sum::events).sum();
  }

  /** All sums, sorted. */
  synchronized List<UsageLine> lines() {
    return sums.entrySet().stream()
        .map(entry -> line(entry.getKey(), entry.getValue()))
        .sorted()
        .toList();
  }

  private static UsageLine line(UsageLine.Subject subject, Sum sum) {
    return new UsageLine(
        subject.appId(),
        subject.keyId(),
        subject.module(),
        subject.model(),
        sum.events(),
        sum.usage());
  }
}
