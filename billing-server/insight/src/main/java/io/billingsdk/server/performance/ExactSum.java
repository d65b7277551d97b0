package io.billingsdk.server.performance;

import java.math.BigDecimal;

/** Adds decimals exactly; numbers of 64 bits without an object for each. For one thread. */
final class ExactSum {
  private static final int SCALES = 19;

  private final long[] byScale = new long[SCALES];
  private BigDecimal rest = BigDecimal.ZERO;

  void add(long unscaled, int scale) {
    if (scale >= 0 && scale < SCALES) {
      long sum = byScale[scale] + unscaled;
      // Where both have another sign than the sum, it did not fit.
      if (((byScale[scale] ^ sum) & (unscaled ^ sum)) >= 0) {
        byScale[scale] = sum;
        return;
      }
    }
    add(BigDecimal.valueOf(unscaled, scale));
  }

  void add(BigDecimal number) {
    rest = rest.add(number);
  }

  BigDecimal value() {
    BigDecimal sum = rest;
    for (int scale = 0; scale < SCALES; scale++) {
      sum = byScale[scale] == 0 ? sum : sum.add(BigDecimal.valueOf(byScale[scale], scale));
    }
    return sum;
  }
}
