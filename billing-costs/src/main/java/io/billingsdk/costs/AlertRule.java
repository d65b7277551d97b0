package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.List;

/**
 * Bounds of a cost. An alert is raised once for each bound and period.
 *
 * @param name such as {@code high_cost_alert}
 * @param scope what the cost is of
 * @param currency of the bounds
 * @param bounds ascending
 * @param inclusive whether a cost of exactly a bound reaches it
 * @param rolling whether the time moves on with the clock: the alert of a bound can come again
 *     after it was resolved
 */
public record AlertRule(
    String name,
    Scope scope,
    String currency,
    List<BigDecimal> bounds,
    boolean inclusive,
    boolean rolling) {
  private static final int MOST_BOUNDS = 20;

  /** What a cost is of. */
  public enum Scope {
    /** One operation. */
    OPERATION,
    /** A user in a period. */
    USER,
    /** A service in a period. */
    SERVICE,
    /** An execution. */
    EXECUTION,
    /** All that a budget is for. */
    BUDGET
  }

  /** Checks the bounds. */
  public AlertRule {
    Check.name("name", name);
    Check.currency("currency", currency);
    bounds = List.copyOf(bounds);
    Check.count("bounds", bounds.size(), 1, MOST_BOUNDS);
    for (int i = 0; i < bounds.size(); i++) {
      Check.positive("bounds[" + i + "]", bounds.get(i));
      if (i > 0 && bounds.get(i).compareTo(bounds.get(i - 1)) <= 0) {
        throw new CostInputException(
            "bounds[" + i + "]", "above " + bounds.get(i - 1), bounds.get(i));
      }
    }
  }

  /** The rule that is on by default: one operation costs more than 1.00 USD. */
  public static AlertRule highCost() {
    return new AlertRule(
        "high_cost_alert", Scope.OPERATION, "USD", List.of(BigDecimal.ONE), false, false);
  }

  boolean isReached(BigDecimal bound, BigDecimal amount) {
    int order = amount.compareTo(bound);
    return inclusive ? order >= 0 : order > 0;
  }
}
