package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.List;

/**
 * All units cost the price of the tier that the quantity is in, and its flat part is due once. The
 * amount may fall when a quantity enters a cheaper tier; a period that is billed in parts then has
 * a part below 0.
 *
 * @param tiers 1 to 1,000, with bounds that rise; the last has none
 */
record VolumePrice(List<Tier> tiers) implements PriceModel {
  /** Checks and copies the tiers. */
  VolumePrice {
    tiers = Tiers.checked(tiers, Tier::upTo);
  }

  List<Step> steps(Fraction units) {
    int tier = Tiers.holding(units, tiers, Tier::upTo);
    List<Step> steps = new ArrayList<>();
    TierSteps.add(steps, tier + 1, tiers.get(tier), units);
    return steps;
  }
}
