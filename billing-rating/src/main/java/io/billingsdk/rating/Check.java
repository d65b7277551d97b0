package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** The bounds of what enters, each in one place. */
final class Check {
  /** Digits after the point that a price, a quantity or a percentage may have. */
  static final int MOST_DECIMALS = 18;

  private static final BigDecimal PRICE_LIMIT = new BigDecimal("1000000000000000");
  private static final BigDecimal PERCENT_LIMIT = new BigDecimal("1000");
  private static final BigDecimal HUNDRED = new BigDecimal("100");
  private static final int LONGEST_NUMBER = 64;

  // BigDecimal would read the digits of any script, and exponents that fill the memory.
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private Check() {}

  /** Reads a plain decimal: ASCII digits, at most one point, no exponent, no white space. */
  static BigDecimal decimal(String field, String text) {
    if (text.length() > LONGEST_NUMBER || !DECIMAL.matcher(text).matches()) {
      throw new RatingInputException(
          field,
          "a plain decimal of at most " + LONGEST_NUMBER + " characters, such as 12.50",
          '"' + text + '"');
    }
    return new BigDecimal(text);
  }

  /** A price or an amount of a plan: 0 to below 10^15, at most 18 decimals. */
  static BigDecimal price(String field, BigDecimal value) {
    return bounded(field, value, PRICE_LIMIT, "below 10^15");
  }

  /** A rate in per cent: 0 to below 1000, at most 18 decimals. */
  static BigDecimal ratePercent(String field, BigDecimal value) {
    return bounded(field, value, PERCENT_LIMIT, "below 1000");
  }

  /** A discount in per cent: 0 to 100, at most 18 decimals. */
  static BigDecimal discountPercent(String field, BigDecimal value) {
    BigDecimal checked = bounded(field, value, PERCENT_LIMIT, "at most 100");
    if (checked.compareTo(HUNDRED) > 0) {
      throw new RatingInputException(field, "0 to 100", value.toPlainString());
    }
    return checked;
  }

  /** A size or a factor: above 0, below 10^15, at most 18 decimals. */
  static BigDecimal positive(String field, BigDecimal value) {
    BigDecimal checked = price(field, value);
    if (checked.signum() == 0) {
      throw new RatingInputException(field, "above 0", "0");
    }
    return checked;
  }

  /** A share of a period: 0 to 1. */
  static Fraction share(String field, Fraction value) {
    if (value.signum() < 0 || value.compareTo(Fraction.ONE) > 0) {
      throw new RatingInputException(field, "0 to 1", value);
    }
    return value;
  }

  /** An amount that is not negative. */
  static Money notNegative(String field, Money value) {
    if (value.signum() < 0) {
      throw new RatingInputException(field, "at least 0", value);
    }
    return value;
  }

  /** An amount in this currency. */
  static Money inCurrency(String field, String currency, Money value) {
    if (!value.currency().equals(currency)) {
      throw new RatingInputException(field, "in " + currency, "in " + value.currency());
    }
    return value;
  }

  /** A count from 1 to this bound. */
  static int count(String field, int value, int most) {
    if (value < 1 || value > most) {
      throw new RatingInputException(field, "1 to " + most, value);
    }
    return value;
  }

  /** A name: 1 to 200 characters, not blank. */
  static String name(String field, String value) {
    if (value.isBlank() || value.length() > 200) {
      throw new RatingInputException(field, "1 to 200 characters, not blank", '"' + value + '"');
    }
    return value;
  }

  private static BigDecimal bounded(
      String field, BigDecimal value, BigDecimal limit, String bound) {
    if (value.signum() < 0 || value.compareTo(limit) >= 0) {
      throw new RatingInputException(field, "at least 0 and " + bound, shown(value));
    }
    BigDecimal stripped = Decimals.stripped(value);
    if (stripped.scale() > MOST_DECIMALS) {
      throw new RatingInputException(
          field, "of at most " + MOST_DECIMALS + " decimals", shown(value));
    }
    return stripped;
  }

  private static Object shown(BigDecimal value) {
    // The plain form of 1E+999999999 would fill the memory.
    return Math.abs((long) value.scale()) > LONGEST_NUMBER ? value : value.toPlainString();
  }
}
