package io.billingsdk.rating;

import java.math.RoundingMode;

/** How a quantity, which is never negative, becomes one of fewer digits. */
public enum Rounding {
  /** It stays as it is. */
  NONE,
  /** A begun unit counts in full. */
  UP,
  /** Only what is complete counts. */
  DOWN,
  /** To the nearest; a half goes up. */
  HALF_UP;

  /** To whole numbers. */
  Fraction apply(Fraction quantity) {
    return apply(quantity, 0);
  }

  /** To so many digits after the point. */
  Fraction apply(Fraction quantity, int decimals) {
    return switch (this) {
      case NONE -> quantity;
      case UP -> Fraction.of(quantity.rounded(decimals, RoundingMode.UP));
      case DOWN -> Fraction.of(quantity.rounded(decimals, RoundingMode.DOWN));
      case HALF_UP -> Fraction.of(quantity.rounded(decimals, RoundingMode.HALF_UP));
    };
  }
}
