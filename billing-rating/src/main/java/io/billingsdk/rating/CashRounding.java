package io.billingsdk.rating;

import java.math.BigDecimal;

/**
 * Rounds what is due to what can be paid in cash, for example to 0.05 CHF. An option, off by
 * default: the invoice shows the difference as its rounding amount.
 *
 * @param step the smallest amount that can be paid, above 0
 */
public record CashRounding(Money step) {
  /** Checks the step. */
  public CashRounding {
    if (step.signum() <= 0) {
      throw new RatingInputException("step", "above 0", step);
    }
  }

  /** The nearest multiple of the step; a half goes away from zero. */
  public Money of(Money due) {
    Check.inCurrency("due", step.currency(), due);
    BigDecimal steps = Money.nearest(due.exactly().dividedBy(step.exactly()), 0);
    return Money.rounded(step.currency(), step.exactly().times(Fraction.of(steps)));
  }
}
