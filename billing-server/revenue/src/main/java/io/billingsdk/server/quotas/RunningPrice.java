package io.billingsdk.server.quotas;

import io.billingsdk.rating.Fraction;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all usage of a charge costs, as rows add to it. Where that is the sum of what each value of
 * the dimension costs, a row prices its own value again, and no other: the sum is kept exactly, and
 * is rounded as a whole, so that it is the same price. For one transaction.
 */
final class RunningPrice {
  private final Map<String, BigDecimal> totals;
  private final boolean isSumOfValues;

  /** By value; empty for one that cannot be rated. Not read yet: null. */
  private @Nullable Map<String, Optional<Fraction>> ofValues;

  private Fraction sum = Fraction.ZERO;
  private int unrated;
  private @Nullable BigDecimal last;

  /**
   * Of a charge.
   *
   * @param first a row that the charge prices
   * @param totals the usage before it, by the values of the dimension; rows add to it
   */
  RunningPrice(PricedUse first, Map<String, BigDecimal> totals) {
    this.totals = totals;
    this.isSumOfValues = first.isSumOfValues();
  }

  /** Adds the usage of a row; gives by how much it raises the price. */
  BigDecimal add(PricedUse use) {
    if (use.isAlone()) {
      total(use);
      return use.priceAlone();
    }
    BigDecimal old = last == null ? price(use) : last;
    BigDecimal total = total(use);
    if (isSumOfValues) {
      change(use.value(), use.priceOfValue(use.value(), total));
    }
    BigDecimal now = price(use);
    last = now;
    return now.subtract(old);
  }

  private BigDecimal total(PricedUse use) {
    return totals.merge(use.value(), use.quantity(), BigDecimal::add);
  }

  private BigDecimal price(PricedUse use) {
    if (!isSumOfValues) {
      return use.priceOf(totals);
    }
    if (ofValues == null) {
      ofValues = new HashMap<>();
      totals.forEach((value, total) -> change(value, use.priceOfValue(value, total)));
    }
    // As of all values together: where one cannot be rated, the whole cannot.
    return unrated > 0 ? BigDecimal.ZERO : PricedUse.rounded(sum);
  }

  private void change(String value, Optional<Fraction> price) {
    Map<String, Optional<Fraction>> known = ofValues;
    if (known == null) {
      throw new IllegalStateException("the values before must be priced first");
    }
    Optional<Fraction> before = known.put(value, price);
    if (before != null) {
      sum = sum.minus(before.orElse(Fraction.ZERO));
      unrated -= before.isEmpty() ? 1 : 0;
    }
    sum = sum.plus(price.orElse(Fraction.ZERO));
    unrated += price.isEmpty() ? 1 : 0;
  }
}
