package io.billingsdk.rating;

import java.util.Objects;

/** Whether a change of plans goes up or down, and when it takes effect unless the call says so. */
public enum PriceChange {
  /** The new plan costs more a day. */
  UPGRADE(Timing.NOW),
  /** The new plan costs less a day. */
  DOWNGRADE(Timing.AT_PERIOD_END),
  /** Both cost the same a day. */
  SAME(Timing.NOW);

  /** When a change takes effect. */
  public enum Timing {
    /** At once, with a credit for what is unused of the old plan. */
    NOW,
    /** When the running period ends. */
    AT_PERIOD_END
  }

  private final Timing usualTiming;

  PriceChange(Timing usualTiming) {
    this.usualTiming = usualTiming;
  }

  /** When the change takes effect by default. */
  public Timing usualTiming() {
    return usualTiming;
  }

  /**
   * Compares two prices by the day, all days being of the same length: a month counts as a twelfth
   * of a year, and a year as 365.2425 days. So 29.00 a month and 348.00 a year are the same.
   *
   * @param from the old price of a period
   * @param each the old period
   * @param to the new price of a period, in the same currency
   * @param newEach the new period
   */
  public static PriceChange between(
      Money from, BillingInterval each, Money to, BillingInterval newEach) {
    Check.inCurrency("new price", from.currency(), to);
    Objects.requireNonNull(each, "each");
    Objects.requireNonNull(newEach, "newEach");
    int order = perDay(to, newEach).compareTo(perDay(from, each));
    return order > 0 ? UPGRADE : order < 0 ? DOWNGRADE : SAME;
  }

  private static Fraction perDay(Money price, BillingInterval interval) {
    return price.exactly().dividedBy(interval.averageDays());
  }
}
