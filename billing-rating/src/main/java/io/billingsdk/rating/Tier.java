package io.billingsdk.rating;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A tier of a {@link PriceModel#graduated} or a {@link PriceModel#volume}.
 *
 * @param upTo the last quantity of the tier, which is inside; null for the last tier, which has no
 *     end
 * @param unitPrice the price of a unit
 * @param flatPrice a price for being in the tier at all
 */
public record Tier(@Nullable BigDecimal upTo, BigDecimal unitPrice, BigDecimal flatPrice) {
  /** Checks the bound and the prices. */
  public Tier {
    upTo = upTo == null ? null : Check.positive("upTo", upTo);
    unitPrice = Check.price("unitPrice", unitPrice);
    flatPrice = Check.price("flatPrice", flatPrice);
  }

  /** A tier that ends at this quantity, with plain decimals. */
  public static Tier upTo(String upTo, String unitPrice, String flatPrice) {
    return new Tier(
        Check.decimal("upTo", upTo),
        Check.decimal("unitPrice", unitPrice),
        Check.decimal("flatPrice", flatPrice));
  }

  /** The last tier, with plain decimals. */
  public static Tier rest(String unitPrice, String flatPrice) {
    return new Tier(
        null, Check.decimal("unitPrice", unitPrice), Check.decimal("flatPrice", flatPrice));
  }
}
