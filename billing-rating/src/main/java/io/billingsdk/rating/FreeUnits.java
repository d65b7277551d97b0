package io.billingsdk.rating;

import java.util.List;

/**
 * The units of a period that cost nothing: first the discounted, then the included ones. Values of
 * a dimension take from them one after the other. Confined to one thread.
 */
final class FreeUnits {
  private Fraction discounted;
  private Fraction included;

  FreeUnits(Fraction discounted, Fraction included) {
    this.discounted = discounted;
    this.included = included;
  }

  /** The units that are left to price; a step is added for those that are free. */
  Fraction take(Fraction units, List<Step> steps) {
    Fraction byDiscount = units.min(discounted);
    Fraction byPlan = units.minus(byDiscount).min(included);
    discounted = discounted.minus(byDiscount);
    included = included.minus(byPlan);
    add(steps, Step.Kind.USAGE_DISCOUNT, byDiscount);
    add(steps, Step.Kind.INCLUDED, byPlan);
    return units.minus(byDiscount).minus(byPlan);
  }

  private static void add(List<Step> steps, Step.Kind kind, Fraction units) {
    if (units.signum() > 0) {
      steps.add(Step.of(kind, units, Fraction.ZERO));
    }
  }
}
