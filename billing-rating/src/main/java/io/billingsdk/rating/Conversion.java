package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * Metered units become priced ones, for example tokens thousands of tokens. The whole of a period
 * is converted and then rounded, not its parts.
 *
 * @param operation whether the factor divides or multiplies
 * @param factor above 0
 * @param rounding how the result is rounded
 * @param decimals digits after the point that the rounding leaves, 0 to 18
 */
public record Conversion(Operation operation, BigDecimal factor, Rounding rounding, int decimals) {

  /** What the factor does. */
  public enum Operation {
    /** Metered units are multiplied by the factor. */
    MULTIPLY,
    /** Metered units are divided by the factor. */
    DIVIDE
  }

  /** Checks the factor and the digits. */
  public Conversion {
    Objects.requireNonNull(operation, "operation");
    factor = Check.positive("factor", factor);
    Objects.requireNonNull(rounding, "rounding");
    if (decimals < 0 || decimals > Check.MOST_DECIMALS) {
      throw new RatingInputException("decimals", "0 to " + Check.MOST_DECIMALS, decimals);
    }
  }

  /** Division by a factor and rounding to whole units. */
  public static Conversion divide(String factor, Rounding rounding) {
    return new Conversion(Operation.DIVIDE, Check.decimal("factor", factor), rounding, 0);
  }

  /** Multiplication by a factor and rounding to whole units. */
  public static Conversion multiply(String factor, Rounding rounding) {
    return new Conversion(Operation.MULTIPLY, Check.decimal("factor", factor), rounding, 0);
  }

  /** The priced units of this many metered ones. */
  Fraction apply(Fraction metered) {
    Fraction by = Fraction.of(factor);
    Fraction converted = operation == Operation.DIVIDE ? metered.dividedBy(by) : metered.times(by);
    return rounding.apply(converted, decimals);
  }
}
