package io.billingsdk;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Converts a number to its one exact decimal, so that nothing is lost on the way to the ledger. */
final class ExactNumber {
  private static final double WHOLE_MAX = 9_007_199_254_740_992.0;
  private static final int DECIMALS = 18;

  /** Beyond them a number is refused as it is: to bring it into one form would take a while. */
  private static final int SANE_BITS = 512;

  private static final int SANE_SCALE = 512;

  private ExactNumber() {}

  /**
   * The decimal that a double is written as, rounded to 18 decimals; null for one that is no finite
   * number. One that would be rounded to zero stays as it is, to be refused: it was not nothing.
   */
  static @Nullable BigDecimal of(double number) {
    if (number == Math.rint(number) && Math.abs(number) <= WHOLE_MAX) {
      return BigDecimal.valueOf((long) number);
    }
    if (!Double.isFinite(number)) {
      return null;
    }
    BigDecimal written = BigDecimal.valueOf(number);
    if (written.scale() > DECIMALS) {
      BigDecimal rounded = written.setScale(DECIMALS, RoundingMode.HALF_EVEN);
      written = rounded.signum() == 0 ? written : rounded;
    }
    return canonical(written);
  }

  /** The same number without zeros at its end, so that equal numbers are equal. */
  static @Nullable BigDecimal of(@Nullable BigDecimal number) {
    return number == null || number.scale() == 0 || !isSane(number) ? number : canonical(number);
  }

  /** Whether it is short enough to be worked with, and shown. */
  static boolean isSane(BigDecimal number) {
    return number.unscaledValue().bitLength() <= SANE_BITS
        && Math.abs((long) number.scale()) <= SANE_SCALE;
  }

  private static BigDecimal canonical(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }
}
