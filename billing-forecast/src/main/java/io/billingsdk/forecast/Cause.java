package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A place where a change may have come from.
 *
 * @param where one dimension value, or two of different dimensions
 * @param explained the part of all changes that one common factor of this place explains, at most 1
 * @param change the change of the amount of the place: the sum of both effects, exactly
 * @param quantityEffect more or less quantity at the usual price
 * @param priceEffect another price of the quantity now
 */
public record Cause(
    Map<String, String> where,
    BigDecimal explained,
    BigDecimal change,
    BigDecimal quantityEffect,
    BigDecimal priceEffect) {
  /** Copies the map. */
  public Cause {
    where = Map.copyOf(where);
  }

  /** One sentence for people. */
  public String sentence() {
    String place =
        new TreeMap<>(where)
            .entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    return place
        + ": "
        + signed(change)
        + ", of it "
        + signed(quantityEffect)
        + " by the quantity and "
        + signed(priceEffect)
        + " by the price.";
  }

  private static String signed(BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    return (plain.signum() > 0 ? "+" : "") + plain.toPlainString();
  }
}
