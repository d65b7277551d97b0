package io.billingsdk.server.tax;

import java.time.DateTimeException;
import java.time.LocalDate;

/** The schemes of check digits that several countries share. All texts have digits alone. */
final class CheckDigits {
  private CheckDigits() {}

  static int digit(String digits, int place) {
    return digits.charAt(place) - '0';
  }

  static int number(String digits, int from, int to) {
    return Integer.parseInt(digits.substring(from, to));
  }

  /** The sum of the first digits, each times its weight. */
  static int weighted(String digits, int... weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * digit(digits, i);
    }
    return sum;
  }

  /** The sum of Luhn, modulo 10, with the last digit counted once. */
  static int luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int value = digit(digits, digits.length() - 1 - i);
      int twice = value * 2;
      sum += i % 2 == 0 ? value : twice / 10 + twice % 10;
    }
    return sum % 10;
  }

  /** ISO 7064, modulo 11, 10: the last digit is the check digit. */
  static boolean hasMod11And10(String digits) {
    int product = 5;
    for (int i = 0; i < digits.length(); i++) {
      product = (product == 0 ? 10 : product) * 2 % 11;
      product = (product + digit(digits, i)) % 10;
    }
    return product == 1;
  }

  /** The remainder of a number of any length. */
  static int modulo(String digits, int divisor) {
    int rest = 0;
    for (int i = 0; i < digits.length(); i++) {
      rest = (rest * 10 + digit(digits, i)) % divisor;
    }
    return rest;
  }

  static boolean isDate(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day).getYear() == year;
    } catch (DateTimeException none) {
      return false;
    }
  }
}
