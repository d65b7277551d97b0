package io.billingsdk.server.customers;

import io.billingsdk.server.common.RequestRefusedException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The number of a bank account, as ISO 13616 has it, without spaces and in upper case. Immutable.
 *
 * @param text 15 to 34 characters
 */
public record Iban(String text) {
  private static final Pattern FORM = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}");

  /** How long those of a country are, from the registry of SWIFT; others by form and checksum. */
  private static final Map<String, Integer> LENGTHS =
      Map.ofEntries(
          Map.entry("AT", 20),
          Map.entry("BE", 16),
          Map.entry("BG", 22),
          Map.entry("CH", 21),
          Map.entry("CY", 28),
          Map.entry("CZ", 24),
          Map.entry("DE", 22),
          Map.entry("DK", 18),
          Map.entry("EE", 20),
          Map.entry("ES", 24),
          Map.entry("FI", 18),
          Map.entry("FR", 27),
          Map.entry("GB", 22),
          Map.entry("GR", 27),
          Map.entry("HR", 21),
          Map.entry("HU", 28),
          Map.entry("IE", 22),
          Map.entry("IT", 27),
          Map.entry("LT", 20),
          Map.entry("LU", 20),
          Map.entry("LV", 21),
          Map.entry("MT", 31),
          Map.entry("NL", 18),
          Map.entry("NO", 15),
          Map.entry("PL", 28),
          Map.entry("PT", 25),
          Map.entry("RO", 24),
          Map.entry("SE", 24),
          Map.entry("SI", 19),
          Map.entry("SK", 24));

  /** Whether a text is one, with spaces or without. */
  public static boolean isValid(String text) {
    String plain = plain(text);
    return FORM.matcher(plain).matches()
        && LENGTHS.getOrDefault(plain.substring(0, 2), plain.length()) == plain.length()
        && Mod97.isRight(plain);
  }

  /**
   * Reads one.
   *
   * @param field where it was given
   */
  public static Iban parse(String field, String text) {
    if (!isValid(text)) {
      throw RequestRefusedException.invalid(
          field, "an IBAN with the length of its country and right check digits");
    }
    return new Iban(plain(text));
  }

  /** As a person writes it: in groups of four, or in small letters. */
  static String plain(String text) {
    return text.replace(" ", "").toUpperCase(Locale.ROOT);
  }
}
