package io.billingsdk.forecast;

import java.math.BigDecimal;

/** Refusals at the door. */
final class Check {
  private static final int MOST_DECIMALS = 18;
  private static final int MOST_DIGITS = 40;

  private Check() {}

  /** A quantity: at least 0, below 10^22, at most 18 decimals. */
  static BigDecimal quantity(String field, BigDecimal value) {
    if (value.signum() < 0) {
      throw new ForecastInputException(field, "at least 0", value);
    }
    return number(field, value);
  }

  /** A number of any sign with the same bounds. */
  static BigDecimal number(String field, BigDecimal value) {
    long whole = (long) value.precision() - value.scale();
    if (value.signum() != 0 && whole > MOST_DIGITS - MOST_DECIMALS) {
      throw new ForecastInputException(field, "below 10^22", value);
    }
    if (value.scale() > MOST_DECIMALS) {
      BigDecimal stripped = value.stripTrailingZeros();
      if (stripped.scale() > MOST_DECIMALS) {
        throw new ForecastInputException(field, "of at most 18 decimals", stripped);
      }
      return stripped;
    }
    return value.scale() < 0 ? value.setScale(0) : value;
  }
}
