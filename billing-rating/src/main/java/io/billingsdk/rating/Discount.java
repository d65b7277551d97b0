package io.billingsdk.rating;

import java.math.BigDecimal;

/** A reduction of a line or of an invoice: a share of it, or an amount. Immutable. */
public sealed interface Discount {

  /**
   * A share of what is discounted.
   *
   * @param percent 0 to 100, at most 18 decimals
   */
  record Percent(BigDecimal percent) implements Discount {
    /** Checks the share. */
    public Percent {
      percent = Check.discountPercent("percent", percent);
    }
  }

  /**
   * An amount, but never more than what is discounted.
   *
   * @param amount at least 0
   */
  record Amount(Money amount) implements Discount {
    /** Checks the amount. */
    public Amount {
      Check.notNegative("amount", amount);
    }
  }

  /** A share in per cent, as a plain decimal. */
  static Discount percent(String percent) {
    return new Percent(Check.decimal("percent", percent));
  }

  /** This amount. */
  static Discount amount(Money amount) {
    return new Amount(amount);
  }

  /**
   * The reduction of an amount: at least 0, and at most the amount. An amount of 0 or below is not
   * reduced.
   */
  default Fraction of(Fraction amount) {
    if (amount.signum() <= 0) {
      return Fraction.ZERO;
    }
    if (this instanceof Percent share) {
      return amount.times(Fraction.of(share.percent())).dividedBy(Fraction.of(100));
    }
    return ((Amount) this).amount().exactly().min(amount);
  }
}
