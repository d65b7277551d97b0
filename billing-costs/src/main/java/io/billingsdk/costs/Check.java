package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.regex.Pattern;

/** The bounds of all that enters, each in one place. */
final class Check {
  /** Digits after the point that a price or a quantity may have. */
  static final int MOST_DECIMALS = 18;

  /** Characters of a name of a provider, model, service or user. */
  static final int LONGEST_NAME = 200;

  private static final BigDecimal LIMIT = new BigDecimal("1000000000000000");
  private static final int LONGEST_NUMBER = 64;

  // BigDecimal would read the digits of any script, and exponents that fill the memory.
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private Check() {}

  /** Reads a plain decimal: ASCII digits, at most one point, no exponent, no white space. */
  static BigDecimal decimal(String field, String text) {
    if (text.length() > LONGEST_NUMBER || !DECIMAL.matcher(text).matches()) {
      throw new CostInputException(
          field,
          "a plain decimal of at most " + LONGEST_NUMBER + " characters, such as 12.50",
          '"' + text + '"');
    }
    return new BigDecimal(text);
  }

  /** A price or a quantity: 0 to below 10^15, at most 18 decimals. */
  static BigDecimal amount(String field, BigDecimal value) {
    if (value.signum() < 0 || value.compareTo(LIMIT) >= 0) {
      throw new CostInputException(field, "at least 0 and below 10^15", shown(value));
    }
    return decimals(field, value);
  }

  /** The same, and not 0. */
  static BigDecimal positive(String field, BigDecimal value) {
    BigDecimal checked = amount(field, value);
    if (checked.signum() == 0) {
      throw new CostInputException(field, "above 0", "0");
    }
    return checked;
  }

  /** An amount of any sign: its size below 10^15, at most 18 decimals. */
  static BigDecimal signed(String field, BigDecimal value) {
    amount(field, value.abs());
    return decimals(field, value);
  }

  private static BigDecimal decimals(String field, BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal stripped = value.stripTrailingZeros();
    if (stripped.scale() > MOST_DECIMALS) {
      throw new CostInputException(
          field, "of at most " + MOST_DECIMALS + " decimals", shown(value));
    }
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** A name: 1 to 200 characters, not blank. */
  static String name(String field, String value) {
    if (value.isBlank() || value.length() > LONGEST_NAME) {
      throw new CostInputException(
          field, "1 to " + LONGEST_NAME + " characters, not blank", '"' + value + '"');
    }
    return value;
  }

  /** A currency with minor units, as bills have: USD, and not XXX, XAU or a slip such as UDS. */
  static String currency(String field, String value) {
    if (!isCurrency(value)) {
      throw new CostInputException(
          field,
          "the ISO 4217 code of a currency with minor units, such as USD",
          '"' + value + '"');
    }
    return value;
  }

  private static boolean isCurrency(String value) {
    try {
      return Currency.getInstance(value).getDefaultFractionDigits() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A count from a least to a most. */
  static int count(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw new CostInputException(field, least + " to " + most, value);
    }
    return value;
  }

  /** Small letters, whatever the locale of the machine. */
  static String small(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A decimal as people write it: no exponent, no trailing zeros. */
  static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private static Object shown(BigDecimal value) {
    // The plain form of 1E+999999999 would fill the memory.
    return Math.abs((long) value.scale()) > LONGEST_NUMBER ? value : value.toPlainString();
  }
}
