package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A tier of a {@link PriceModel#capacity}.
 *
 * @param price the price of the period in this tier
 * @param most the highest peak of each unit that the tier holds, which is inside; a unit that is
 *     not there has no bound
 */
public record CapacityTier(BigDecimal price, Map<String, BigDecimal> most) {
  /** Checks and copies. */
  public CapacityTier {
    price = Check.price("price", price);
    Map<String, BigDecimal> checked = new LinkedHashMap<>();
    most.forEach(
        (unit, bound) ->
            checked.put(Check.name("unit", unit), Check.price("most[" + unit + "]", bound)));
    most = Collections.unmodifiableMap(checked);
  }

  /** Whether all peaks are within the tier. */
  boolean holds(Map<String, Quantity> peaks) {
    return most.entrySet().stream()
        .allMatch(
            bound ->
                peaks
                        .getOrDefault(bound.getKey(), Quantity.ZERO)
                        .value()
                        .compareTo(bound.getValue())
                    <= 0);
  }
}
