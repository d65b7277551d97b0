package io.billingsdk.rating;

import java.math.BigDecimal;

/**
 * A tax that an amount is subject to. Lines with the same category and rate are one group of an
 * invoice.
 *
 * @param category the category, such as {@code S} for the standard rate
 * @param percent 0 to below 1000, at most 18 decimals
 */
public record TaxRate(String category, BigDecimal percent) {
  /** Checks both. */
  public TaxRate {
    Check.name("category", category);
    percent = Check.ratePercent("percent", percent);
  }

  /** A rate in per cent, as a plain decimal. */
  public static TaxRate of(String category, String percent) {
    return new TaxRate(category, Check.decimal("percent", percent));
  }

  /** The tax on a base, in minor units. */
  public Money on(Money base) {
    Fraction exact = base.exactly().times(Fraction.of(percent)).dividedBy(Fraction.of(100));
    return Money.rounded(base.currency(), exact);
  }

  /**
   * The tax inside an amount that includes it, in minor units; the rest is the net amount. An
   * option for prices that include tax.
   */
  public Money includedIn(Money gross) {
    Fraction whole = Fraction.of(percent).plus(Fraction.of(100));
    Fraction exact = gross.exactly().times(Fraction.of(percent)).dividedBy(whole);
    return Money.rounded(gross.currency(), exact);
  }
}
