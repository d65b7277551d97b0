package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.List;

/**
 * The same amount whatever was used, nothing used included. Prorated by the share of the period.
 *
 * @param amount the price of a whole period
 */
record FlatPrice(BigDecimal amount) implements PriceModel {
  /** Checks the price. */
  FlatPrice {
    amount = Check.price("amount", amount);
  }

  /** A price as a plain decimal. */
  static FlatPrice of(String amount) {
    return new FlatPrice(Check.decimal("amount", amount));
  }

  List<Step> steps(Fraction shareOfPeriod) {
    return List.of(Step.of(Step.Kind.FLAT, shareOfPeriod, Fraction.of(amount)));
  }
}
