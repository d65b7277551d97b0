package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.List;

/** What a tier adds: its flat part, and units at its price. */
final class TierSteps {
  private TierSteps() {}

  static void add(List<Step> steps, int number, Tier tier, Fraction units) {
    add(steps, number, tier.flatPrice(), units, Fraction.of(tier.unitPrice()));
  }

  static void add(
      List<Step> steps, int number, BigDecimal flat, Fraction units, Fraction unitPrice) {
    if (flat.signum() > 0) {
      steps.add(Step.ofTier(Step.Kind.TIER_FLAT, number, Fraction.ONE, Fraction.of(flat)));
    }
    if (units.signum() > 0) {
      steps.add(Step.ofTier(Step.Kind.TIER_UNITS, number, units, unitPrice));
    }
  }
}
