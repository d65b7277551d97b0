package io.billingsdk.server.customers;

/** The check digits of ISO 7064, MOD 97-10, as IBANs and creditor references have them. */
public final class Mod97 {
  private static final int MODULUS = 97;

  private Mod97() {}

  /** The rest of a text of digits and upper-case letters, each letter as 10 to 35. */
  static int of(String text) {
    int rest = 0;
    for (int i = 0; i < text.length(); i++) {
      int value = Character.digit(text.charAt(i), Character.MAX_RADIX);
      rest = (rest * (value > 9 ? 100 : 10) + value) % MODULUS;
    }
    return rest;
  }

  /** Whether a text is right whose first four characters, with the check digits, go to its end. */
  public static boolean isRight(String text) {
    return of(text.substring(4) + text.substring(0, 4)) == 1;
  }

  /** The two check digits of a text that begins with two letters, without the digits. */
  public static String digits(String letters, String rest) {
    return "%02d".formatted(MODULUS + 1 - of(rest + letters + "00"));
  }
}
