package io.billingsdk.server.tax;

import io.billingsdk.server.common.RequestRefusedException;
import java.util.Locale;

/**
 * A number by which a tax office knows a business, checked by its format and its check digits. It
 * says nothing about whether an office has given it. Immutable.
 *
 * @param prefix of the country as its numbers have it: {@code DE}, {@code EL} for Greece, {@code
 *     CHE} for Switzerland, {@code XI} for Northern Ireland
 * @param number the rest, without spaces and punctuation
 */
record TaxNumber(String prefix, String number) {
  static final int CHARS = 64;

  /**
   * Reads a number as people write it: {@code DE 136 695 976}, {@code CHE-107.787.577 IVA}.
   *
   * @param field to name in a refusal
   */
  static TaxNumber parse(String field, String text) {
    // Some countries print the prefix with a colon, groups with dots or slashes.
    String plain = text.toUpperCase(Locale.ROOT).replaceAll("[\\s.:/-]", "");
    String prefix =
        plain.startsWith("CHE") ? "CHE" : plain.substring(0, Math.min(2, plain.length()));
    NumberRule rule =
        NumberRules.of(prefix.equals("GR") ? "EL" : prefix)
            .orElseThrow(
                () ->
                    RequestRefusedException.invalid(
                        field, "a tax id that begins with one of " + NumberRules.prefixes()));
    TaxNumber read =
        new TaxNumber(
            prefix.equals("GR") ? "EL" : prefix, padded(prefix, plain.substring(prefix.length())));
    if (!rule.hasFormat(read.number)) {
      throw RequestRefusedException.invalid(
          field, "a tax id of " + read.country() + ": " + read.prefix + ", " + rule.expected());
    }
    if (!rule.hasChecksum(read.number)) {
      throw RequestRefusedException.invalid(
          field,
          "a tax id with right check digits; those of "
              + read.text()
              + " are wrong, so look for a typing error");
    }
    return read;
  }

  /** In these countries old numbers are written without the zeros in front. */
  private static String padded(String prefix, String number) {
    return switch (prefix) {
      case "BE" -> number.matches("\\d{9}") ? "0" + number : number;
      case "EL", "GR" -> number.matches("\\d{8}") ? "0" + number : number;
      case "NL" -> {
        int missing = 12 - number.length();
        yield missing > 0 && number.matches("\\d{1,8}B\\d{2}")
            ? "0".repeat(missing) + number
            : number;
      }
      default -> number;
    };
  }

  /** The country by ISO 3166. */
  String country() {
    return switch (prefix) {
      case "EL" -> "GR";
      case "CHE" -> "CH";
      case "XI" -> "GB";
      default -> prefix;
    };
  }

  String text() {
    return prefix + number;
  }
}
