package io.billingsdk.server.statistics;

import io.billingsdk.server.statistics.UsageProfile.LimitSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How near somebody is to a limit. Immutable.
 *
 * @param amount used, in the unit of the counter, with what is admitted and not counted yet
 * @param limit in the unit of the limit
 * @param resetsAt when it begins again; null where it never does
 */
record LimitState(LimitSpec spec, BigDecimal amount, BigDecimal limit, @Nullable Instant resetsAt) {
  private static final int PLACES = 2;
  private static final BigDecimal NEAR = new BigDecimal("0.8");

  /** The same with more of the counter. */
  LimitState plus(BigDecimal more) {
    return new LimitState(spec, amount.add(more), limit, resetsAt);
  }

  /** Whether one more use is admitted. */
  boolean isWithin() {
    return amount.compareTo(limit.multiply(spec.unit())) < 0;
  }

  /** Whether 80 % of it or more are used. */
  boolean isNear() {
    return amount.compareTo(limit.multiply(spec.unit()).multiply(NEAR)) >= 0;
  }

  /**
   * How much of it is used, as it is shown: rounded down, so that no use is shown as the last one
   * before it is.
   */
  BigDecimal used() {
    return Decimals.plain(amount.divide(spec.unit(), PLACES, RoundingMode.DOWN));
  }

  /** How much of the counter is left, exactly; below 0 beyond it. */
  BigDecimal left() {
    return limit.multiply(spec.unit()).subtract(amount);
  }

  /** How much of it is left; 0 beyond it. */
  BigDecimal remaining() {
    return Decimals.plain(limit.subtract(used()).max(BigDecimal.ZERO));
  }

  /** The same in words. */
  String message() {
    String of = used().toPlainString() + " of " + Decimals.plain(limit).toPlainString();
    String what = spec.name() + ": " + of;
    if (!isWithin()) {
      return what
          + (resetsAt == null
              ? "; the limit is reached, and it does not begin again"
              : "; the limit is reached until " + resetsAt);
    }
    return isNear() ? what + "; the limit is near" : what;
  }
}
