package io.billingsdk.testkit;

import java.math.BigDecimal;

/** The usage of an app in the ledger of a {@link LocalBillingServer}. Immutable and thread-safe. */
public final class LocalUsage {
  private final long events;
  private final BigDecimal usage;

  LocalUsage(long events, BigDecimal usage) {
    this.events = events;
    this.usage = usage;
  }

  /** The number of committed events. */
  public long events() {
    return events;
  }

  /** The sum of their usage, of all modules together. */
  public BigDecimal usage() {
    return usage;
  }

  @Override
  public String toString() {
    return "LocalUsage[events=" + events + ", usage=" + usage.toPlainString() + "]";
  }
}
