package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sums of a time in one currency, which advice is given about.
 *
 * @param currency of all amounts
 * @param users costs by user
 * @param services costs by service
 * @param operations what each operation, such as a prompt, did and cost
 */
public record AdviceInput(
    String currency,
    Map<String, BigDecimal> users,
    Map<String, BigDecimal> services,
    List<Operation> operations) {

  /**
   * An operation.
   *
   * @param name its name
   * @param isPrompt whether it is a prompt, whose calls may be too dear
   * @param calls how often it was called, failures and retries included
   * @param cost of all calls
   * @param waste the money paid for nothing
   * @param tokens the tokens used
   * @param cachedCost what all calls would have cost if their repeated input had come from a cache;
   *     empty where the model has no price of a cache
   * @param cheaperCost what all calls would have cost with the cheapest other model that is allowed
   *     for them; empty without one
   */
  public record Operation(
      String name,
      boolean isPrompt,
      long calls,
      BigDecimal cost,
      Waste waste,
      Tokens tokens,
      Optional<BigDecimal> cachedCost,
      Optional<BigDecimal> cheaperCost) {
    /** Checks the bounds. */
    public Operation {
      Check.name("operation", name);
      Check.amount("cost", cost);
      if (calls < 0) {
        throw new CostInputException("calls", "at least 0", calls);
      }
    }
  }

  /**
   * Money that was paid for nothing.
   *
   * @param failures calls that failed and cost something
   * @param failureCost their costs
   * @param retries calls that repeated another, and cost something
   * @param retryCost their costs
   */
  public record Waste(long failures, BigDecimal failureCost, long retries, BigDecimal retryCost) {
    /** Nothing. */
    public static final Waste NONE = new Waste(0, BigDecimal.ZERO, 0, BigDecimal.ZERO);
  }

  /**
   * The use by all calls of an operation.
   *
   * @param uncachedInput tokens of the input that no cache had
   * @param cacheRead tokens of the input that a cache had
   * @param output tokens of the output
   */
  public record Tokens(BigDecimal uncachedInput, BigDecimal cacheRead, BigDecimal output) {
    /** None. */
    public static final Tokens NONE = new Tokens(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
  }

  /** Copies the collections. */
  public AdviceInput {
    Check.currency("currency", currency);
    users = Collections.unmodifiableMap(new TreeMap<>(users));
    services = Collections.unmodifiableMap(new TreeMap<>(services));
    operations = List.copyOf(operations);
  }
}
