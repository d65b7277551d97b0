package io.billingsdk.internal.quotas;

import io.billingsdk.UsageEvent;
import io.billingsdk.protocol.Bounds;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What an event counts for a meter, as the billing system counts it. */
final class MeterValues {
  private static final String CALLS = "calls";
  private static final String USAGE = "usage";

  /** To strip and compare a number of more digits takes long. */
  private static final int MOST_BITS = 512;

  private MeterValues() {}

  /**
   * What an estimate asks of a quota.
   *
   * @param estimate null when only the call is known
   * @return null when the estimate does not speak of the meter
   */
  static @Nullable BigDecimal estimated(String meter, @Nullable UsageEvent estimate) {
    if (meter.equals(CALLS)) {
      return BigDecimal.ONE;
    }
    if (estimate == null) {
      return null;
    }
    if (meter.equals(USAGE)) {
      return estimate.usage() == null ? null : valid(estimate.usage());
    }
    return estimate.quantities().containsKey(meter)
        ? valid(estimate.quantities().get(meter))
        : null;
  }

  /** What an event takes from a quota. */
  static BigDecimal used(String meter, UsageEvent event) {
    BigDecimal value = estimated(meter, event);
    return value == null ? BigDecimal.ZERO : value;
  }

  /** A negative amount would be a gift, and one without bounds a flood: no event may have it. */
  private static BigDecimal valid(@Nullable BigDecimal amount) {
    return amount != null
            && amount.unscaledValue().bitLength() <= MOST_BITS
            && Bounds.isQuantity(amount)
        ? amount
        : BigDecimal.ZERO;
  }
}
