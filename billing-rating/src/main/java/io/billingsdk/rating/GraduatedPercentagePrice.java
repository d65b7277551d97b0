package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.List;

/**
 * A share of the sum of the period's amounts: the part inside each tier at that tier's rate. Flat
 * parts are due as those of a {@link GraduatedPrice}.
 *
 * @param tiers 1 to 1,000, with bounds that rise; the last has none
 */
record GraduatedPercentagePrice(List<PercentageTier> tiers) implements PriceModel {
  /** Checks and copies the tiers. */
  GraduatedPercentagePrice {
    tiers = Tiers.checked(tiers, PercentageTier::upTo);
  }

  List<Step> steps(Fraction amount) {
    List<Step> steps = new ArrayList<>();
    List<Fraction> parts = Tiers.fill(amount, tiers, PercentageTier::upTo);
    for (int i = 0; i < parts.size(); i++) {
      TierSteps.add(steps, i + 1, tiers.get(i).flatPrice(), parts.get(i), tiers.get(i).rate());
    }
    return steps;
  }
}
