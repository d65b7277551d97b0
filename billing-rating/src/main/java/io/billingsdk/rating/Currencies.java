package io.billingsdk.rating;

import java.util.Currency;

/** The minor units of a currency. */
final class Currencies {
  private static final String EXPECTED =
      "the ISO 4217 code of a currency with minor units, such as USD";

  private Currencies() {}

  /** Digits after the point of this currency. Refuses what no invoice can be in: XXX, XAU, XDR. */
  static int decimals(String code) {
    Currency currency;
    try {
      currency = Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw new RatingInputException("currency", EXPECTED, '"' + code + '"');
    }
    int digits = currency.getDefaultFractionDigits();
    if (digits < 0) {
      throw new RatingInputException("currency", EXPECTED, code + ", which has none");
    }
    return digits;
  }
}
