package io.billingsdk.rating;

import java.util.Objects;

/**
 * One part of how an amount came about: so many units at such a price. The steps of a {@link
 * RatedLine} add up to it exactly.
 *
 * @param kind what the step is
 * @param value the value of the charge's dimension, such as a model's name; empty without one
 * @param tier the tier, from 1; 0 without tiers
 * @param quantity how many: units, packages, blocks, events, or the share of a period for a flat
 *     price; 1 or -1 for an adjustment
 * @param unitPrice the price of one of them, in the currency of the line
 */
public record Step(Kind kind, String value, int tier, Fraction quantity, Fraction unitPrice) {

  /** What a step is. */
  public enum Kind {
    /** A flat price, for the share of the period that it is due for. */
    FLAT,
    /** Units at the price of one. */
    UNITS,
    /** The flat part of a tier. */
    TIER_FLAT,
    /** Units inside a tier. */
    TIER_UNITS,
    /** Packages. */
    PACKAGES,
    /** Blocks of a tier. */
    BLOCKS,
    /** A tier of capacity. */
    CAPACITY,
    /** Amounts of events, at a rate. */
    PERCENTAGE,
    /** Events, at the fixed part of each. */
    FIXED_PER_EVENT,
    /** What events were raised by, to the least that one costs. */
    EVENT_MINIMUM,
    /** What events were lowered by, to the most that one costs. */
    EVENT_MAXIMUM,
    /** Units that are free because the charge discounts them. */
    USAGE_DISCOUNT,
    /** Units that are free because they are included. */
    INCLUDED,
    /** Amounts of events that are free. */
    FREE_AMOUNT,
    /** The discount of the line. */
    DISCOUNT,
    /** The amount above the maximum of the period. */
    CAPPED,
    /** The shortfall below the minimum of the period. */
    MINIMUM_TOP_UP,
    /** From the exact sum to minor units. */
    ROUNDING,
    /** An amount billed before for the same usage in another way, for example at an older price. */
    BILLED_OTHERWISE;

    /** Whether it changes the amount as a whole, rather than to count units. */
    boolean adjusts() {
      return switch (this) {
        case EVENT_MINIMUM,
            EVENT_MAXIMUM,
            DISCOUNT,
            CAPPED,
            MINIMUM_TOP_UP,
            ROUNDING,
            BILLED_OTHERWISE ->
            true;
        default -> false;
      };
    }
  }

  /** Checks that nothing is missing. */
  public Step {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(quantity, "quantity");
    Objects.requireNonNull(unitPrice, "unitPrice");
  }

  static Step of(Kind kind, Fraction quantity, Fraction unitPrice) {
    return new Step(kind, "", 0, quantity, unitPrice);
  }

  static Step ofTier(Kind kind, int tier, Fraction quantity, Fraction unitPrice) {
    return new Step(kind, "", tier, quantity, unitPrice);
  }

  /** An adjustment of the whole by this amount. */
  static Step adjustment(Kind kind, Fraction amount) {
    return of(kind, Fraction.ONE, amount);
  }

  Step withValue(String newValue) {
    return new Step(kind, newValue, tier, quantity, unitPrice);
  }

  Step withQuantity(Fraction newQuantity) {
    return new Step(kind, value, tier, newQuantity, unitPrice);
  }

  /** What the step adds: quantity times unit price, exactly. */
  public Fraction amount() {
    return quantity.times(unitPrice);
  }
}
