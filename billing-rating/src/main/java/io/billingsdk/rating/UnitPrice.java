package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.List;

/**
 * Each unit costs the same.
 *
 * @param price the price of one unit
 */
record UnitPrice(BigDecimal price) implements PriceModel {
  /** Checks the price. */
  UnitPrice {
    price = Check.price("price", price);
  }

  /** A price as a plain decimal. */
  static UnitPrice of(String price) {
    return new UnitPrice(Check.decimal("price", price));
  }

  List<Step> steps(Fraction units) {
    return List.of(Step.of(Step.Kind.UNITS, units, Fraction.of(price)));
  }
}
