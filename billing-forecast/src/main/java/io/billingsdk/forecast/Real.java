package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** The one border between exact decimals and statistics. */
final class Real {
  private Real() {}

  static double[] of(List<BigDecimal> values) {
    double[] all = new double[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i).doubleValue();
    }
    return all;
  }

  /** The nearest decimal with this many digits after the point; an estimate, never an amount. */
  static BigDecimal exact(double value, int decimals) {
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN);
  }
}
