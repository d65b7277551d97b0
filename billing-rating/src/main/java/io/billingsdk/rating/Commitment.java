package io.billingsdk.rating;

/**
 * An amount that a customer committed to spend in each period, over all charges of a plan. The
 * shortfall at the end of the period is charged as a true-up.
 *
 * @param amount the commitment of a full period, at least 0
 */
public record Commitment(Money amount) {
  /** Checks the amount. */
  public Commitment {
    Check.notNegative("amount", amount);
  }

  /**
   * The shortfall below the commitment.
   *
   * @param prorated the commitment of the period, in minor units
   * @param missing the charge to reach it, at least 0
   */
  public record TrueUp(Money prorated, Money missing) {}

  /**
   * The true-up of a period.
   *
   * @param share the share of the full period that the period is, 0 to 1
   * @param charged the charges for the period on all lines together
   */
  public TrueUp trueUp(Fraction share, Money charged) {
    Check.inCurrency("charged", amount.currency(), charged);
    Fraction exact = amount.exactly().times(Check.share("share", share));
    Money prorated = Money.rounded(amount.currency(), exact);
    return new TrueUp(prorated, prorated.minus(charged).max(Money.zero(amount.currency())));
  }
}
