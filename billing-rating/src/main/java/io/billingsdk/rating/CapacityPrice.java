package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole period costs the price of the lowest tier that holds the peaks of all units.
 *
 * @param tiers 1 to 1,000; the bound of a unit never falls from a tier to the next, and the last
 *     tier has no bounds
 */
record CapacityPrice(List<CapacityTier> tiers) implements PriceModel {
  private static final int MOST_TIERS = 1_000;

  /** Checks and copies the tiers. */
  CapacityPrice {
    tiers = List.copyOf(tiers);
    int last = Check.count("number of tiers", tiers.size(), MOST_TIERS) - 1;
    if (!tiers.get(last).most().isEmpty()) {
      throw new RatingInputException(
          "tiers[" + last + "].most", "empty: the last tier has no bounds", tiers.get(last).most());
    }
    Map<String, BigDecimal> below = new HashMap<>();
    for (int i = 0; i < last; i++) {
      Map<String, BigDecimal> most = tiers.get(i).most();
      if (i > 0 && !below.keySet().containsAll(most.keySet())) {
        throw new RatingInputException(
            "tiers[" + i + "].most", "of units of the tier below it", most.keySet());
      }
      for (Map.Entry<String, BigDecimal> bound : most.entrySet()) {
        BigDecimal lower = below.put(bound.getKey(), bound.getValue());
        if (lower != null && bound.getValue().compareTo(lower) < 0) {
          throw new RatingInputException(
              "tiers[" + i + "].most[" + bound.getKey() + "]",
              "at least " + lower.toPlainString(),
              bound.getValue().toPlainString());
        }
      }
    }
  }

  List<Step> steps(Map<String, Quantity> peaks, Fraction shareOfPeriod) {
    requireKnown(peaks);
    int tier = 0;
    while (!tiers.get(tier).holds(peaks)) {
      tier++;
    }
    Fraction price = Fraction.of(tiers.get(tier).price());
    return List.of(Step.ofTier(Step.Kind.CAPACITY, tier + 1, shareOfPeriod, price));
  }

  private void requireKnown(Map<String, Quantity> peaks) {
    // A misspelt unit would have no bound, and so cost the lowest tier.
    for (String unit : peaks.keySet()) {
      if (!tiers.get(0).most().containsKey(unit)) {
        throw new RatingInputException("peaks", "of units of the first tier", '"' + unit + '"');
      }
    }
  }
}
