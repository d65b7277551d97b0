package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.util.Map;

/**
 * Usage and cost of one combination of dimension values, usually and now.
 *
 * @param where the value of each dimension, such as customer, service and meter
 * @param usualQuantity the expected quantity
 * @param usualAmount its cost
 * @param quantity the quantity now
 * @param amount its cost
 */
public record Fact(
    Map<String, String> where,
    BigDecimal usualQuantity,
    BigDecimal usualAmount,
    BigDecimal quantity,
    BigDecimal amount) {
  /** Checks the bounds and copies the map. */
  public Fact {
    where = Map.copyOf(where);
    usualQuantity = Check.quantity("usualQuantity", usualQuantity);
    usualAmount = Check.number("usualAmount", usualAmount);
    quantity = Check.quantity("quantity", quantity);
    amount = Check.number("amount", amount);
  }
}
