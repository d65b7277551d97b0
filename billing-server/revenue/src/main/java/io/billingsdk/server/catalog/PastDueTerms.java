package io.billingsdk.server.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What a plan does with the keys of a customer whose invoice is overdue.
 *
 * @param rate that the keys are lowered to with {@link Action#LIMIT}; null with another one
 */
public record PastDueTerms(Action then, @Nullable RateTerms rate) {
  /** Of a plan that says nothing: the keys are blocked. */
  public static final PastDueTerms USUAL = new PastDueTerms(Action.BLOCK, null);

  /** What happens after the grace. */
  public enum Action {
    /** Notices say so, and the keys do as before. */
    WARN,
    /** The keys have a lower rate. */
    LIMIT,
    /** The keys are blocked. */
    BLOCK
  }
}
