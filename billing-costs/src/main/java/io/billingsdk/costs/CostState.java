package io.billingsdk.costs;

/** How much is known about a cost. */
public enum CostState {
  /** Each bucket that costs something has a price. */
  PRICED,
  /** The price is 0, on purpose. */
  FREE,
  /** The model, the service tier or a bucket has no price: the cost is unknown, and never 0. */
  UNKNOWN
}
