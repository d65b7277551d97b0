package io.billingsdk.rating;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A tier of a {@link PriceModel#graduatedPercentage}.
 *
 * @param upTo the last amount of the tier, which is inside; null for the last tier, which has no
 *     end
 * @param ratePercent the share of the amount inside the tier, in per cent
 * @param flatPrice a price for reaching the tier
 */
public record PercentageTier(
    @Nullable BigDecimal upTo, BigDecimal ratePercent, BigDecimal flatPrice) {
  /** Checks the bound, the rate and the price. */
  public PercentageTier {
    upTo = upTo == null ? null : Check.positive("upTo", upTo);
    ratePercent = Check.ratePercent("ratePercent", ratePercent);
    flatPrice = Check.price("flatPrice", flatPrice);
  }

  /** The share of one unit. */
  Fraction rate() {
    return Fraction.of(ratePercent).dividedBy(Fraction.of(100));
  }
}
