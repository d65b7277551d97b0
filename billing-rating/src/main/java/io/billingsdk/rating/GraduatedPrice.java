package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.List;

/**
 * The units inside each tier cost that tier's price, so a higher tier never reprices what is below
 * it. The flat part of the first tier is due also when nothing was used; that of a later tier when
 * the quantity passes the bound below it.
 *
 * @param tiers 1 to 1,000, with bounds that rise; the last has none
 */
record GraduatedPrice(List<Tier> tiers) implements PriceModel {
  /** Checks and copies the tiers. */
  GraduatedPrice {
    tiers = Tiers.checked(tiers, Tier::upTo);
  }

  List<Step> steps(Fraction units) {
    List<Step> steps = new ArrayList<>();
    List<Fraction> parts = Tiers.fill(units, tiers, Tier::upTo);
    for (int i = 0; i < parts.size(); i++) {
      TierSteps.add(steps, i + 1, tiers.get(i), parts.get(i));
    }
    return steps;
  }
}
