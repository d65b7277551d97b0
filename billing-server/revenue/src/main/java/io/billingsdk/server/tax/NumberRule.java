package io.billingsdk.server.tax;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How the numbers of a country are written, and how their check digits follow.
 *
 * @param format of the number without the prefix of the country
 * @param expected the format in words
 * @param checksum whether the check digits of a number in this format are right
 */
record NumberRule(Pattern format, String expected, Predicate<String> checksum) {
  static NumberRule of(String format, String expected, Predicate<String> checksum) {
    return new NumberRule(Pattern.compile(format), expected, checksum);
  }

  boolean hasFormat(String number) {
    return format.matcher(number).matches();
  }

  boolean hasChecksum(String number) {
    return checksum.test(number);
  }
}
