package io.billingsdk.rating;

import java.math.BigDecimal;

/** One form for each decimal, so that equal numbers are equal values. */
final class Decimals {
  private Decimals() {}

  /** The same number without zeros at its end, and never with an exponent: 100, not 1E+2. */
  static BigDecimal stripped(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 && stripped.scale() >= -Fraction.MOST_DIGITS
        ? stripped.setScale(0)
        : stripped;
  }
}
