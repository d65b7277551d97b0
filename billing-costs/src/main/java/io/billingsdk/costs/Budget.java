package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.List;

/**
 * An amount for a period, and the shares of it that alert.
 *
 * @param name its name
 * @param currency of the amount
 * @param amount above 0
 * @param thresholds shares of the amount, such as 0.8 and 1, ascending
 * @param rolling whether the period moves on with the clock
 */
public record Budget(
    String name, String currency, BigDecimal amount, List<BigDecimal> thresholds, boolean rolling) {
  /** Checks the bounds. */
  public Budget {
    Check.name("name", name);
    Check.currency("currency", currency);
    Check.positive("amount", amount);
    thresholds = AlertRule.ascending("thresholds", thresholds);
    for (BigDecimal threshold : thresholds) {
      Check.positive("thresholds times amount", amount.multiply(threshold));
    }
  }

  /** The alerts of the budget: its bounds are the thresholds times the amount, reached at once. */
  public AlertRule rule() {
    List<BigDecimal> bounds = thresholds.stream().map(amount::multiply).toList();
    return new AlertRule(name, AlertRule.Scope.BUDGET, currency, bounds, true, rolling);
  }

  /** The threshold that an alert of {@link #rule} is about. */
  public BigDecimal thresholdOf(AlertState.Alert alert) {
    return thresholds.get(alert.bound());
  }

  /** The rest; below 0 when more was spent. */
  public BigDecimal left(BigDecimal spent) {
    return amount.subtract(spent);
  }
}
