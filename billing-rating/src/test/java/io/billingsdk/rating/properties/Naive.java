package io.billingsdk.rating.properties;

import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Step;
import io.billingsdk.rating.Tier;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prices reckoned unit by unit, as one would on paper. For whole quantities only. */
final class Naive {
  private Naive() {}

  /** The sum of steps, multiplied and added here rather than by the code under test. */
  static Fraction sum(List<Step> steps, Step.@Nullable Kind kind) {
    Fraction sum = Fraction.ZERO;
    for (Step step : steps) {
      if (kind == null || step.kind() == kind) {
        sum = sum.plus(step.quantity().times(step.unitPrice()));
      }
    }
    return sum;
  }

  static BigDecimal graduated(List<Tier> tiers, int units) {
    BigDecimal amount = tiers.get(0).flatPrice();
    int tier = 0;
    for (int unit = 1; unit <= units; unit++) {
      while (isAbove(unit, tiers.get(tier))) {
        tier++;
        amount = amount.add(tiers.get(tier).flatPrice());
      }
      amount = amount.add(tiers.get(tier).unitPrice());
    }
    return amount;
  }

  static BigDecimal volume(List<Tier> tiers, int units) {
    int tier = 0;
    while (isAbove(units, tiers.get(tier))) {
      tier++;
    }
    BigDecimal all = tiers.get(tier).unitPrice().multiply(BigDecimal.valueOf(units));
    return all.add(tiers.get(tier).flatPrice());
  }

  static BigDecimal packages(int size, BigDecimal price, int units) {
    BigDecimal amount = BigDecimal.ZERO;
    for (int begun = 0; begun < units; begun += size) {
      amount = amount.add(price);
    }
    return amount;
  }

  private static boolean isAbove(int units, Tier tier) {
    BigDecimal upTo = tier.upTo();
    return upTo != null && BigDecimal.valueOf(units).compareTo(upTo) > 0;
  }
}
