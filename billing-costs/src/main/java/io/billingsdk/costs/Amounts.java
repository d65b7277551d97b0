package io.billingsdk.costs;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The one place where an amount is rounded. */
final class Amounts {
  /** Decimals of an amount that has no end within {@link Check#MOST_DECIMALS}. */
  static final int ROUNDED_DECIMALS = 12;

  private Amounts() {}

  /** {@code quantity * price / size}. */
  static BigDecimal of(BigDecimal quantity, BigDecimal price, BigDecimal size) {
    BigDecimal product = quantity.multiply(price);
    BigDecimal[] exact = product.scaleByPowerOfTen(Check.MOST_DECIMALS).divideAndRemainder(size);
    BigDecimal amount =
        exact[1].signum() == 0
            ? exact[0].scaleByPowerOfTen(-Check.MOST_DECIMALS)
            : product.divide(size, ROUNDED_DECIMALS, RoundingMode.HALF_UP);
    return amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
  }
}
