package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The change of an amount in its two parts, which add up to it exactly. */
record Effects(BigDecimal quantity, BigDecimal price) {
  static final Effects NONE = new Effects(BigDecimal.ZERO, BigDecimal.ZERO);
  private static final int SCALE = 18;

  /** More or less quantity at the usual price; the rest of the change is the price's. */
  static Effects of(Fact fact) {
    BigDecimal change = fact.amount().subtract(fact.usualAmount());
    if (fact.usualQuantity().signum() == 0) {
      // New usage has no usual price.
      return new Effects(change, BigDecimal.ZERO);
    }
    BigDecimal quantity =
        fact.quantity()
            .subtract(fact.usualQuantity())
            .multiply(fact.usualAmount())
            .divide(fact.usualQuantity(), SCALE, RoundingMode.HALF_EVEN)
            .stripTrailingZeros();
    return new Effects(quantity, change.subtract(quantity));
  }

  Effects plus(Effects other) {
    return new Effects(quantity.add(other.quantity), price.add(other.price));
  }

  BigDecimal change() {
    return quantity.add(price);
  }
}
