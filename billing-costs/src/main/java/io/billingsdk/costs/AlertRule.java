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
    bounds = ascending("bounds", bounds);
  }

  /** A copy of 1 to 20 amounts above 0, each above the one before. */
  static List<BigDecimal> ascending(String field, List<BigDecimal> values) {
    Check.count(field, values.size(), 1, MOST_BOUNDS);
    for (int i = 0; i < values.size(); i++) {
      String place = field + "[" + i + "]";
      Check.positive(place, values.get(i));
      if (i > 0 && values.get(i).compareTo(values.get(i - 1)) <= 0) {
        throw new CostInputException(place, "above " + values.get(i - 1), values.get(i));
      }
    }
    return List.copyOf(values);
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
