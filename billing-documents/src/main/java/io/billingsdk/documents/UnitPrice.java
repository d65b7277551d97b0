package io.billingsdk.documents;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Quantity and price of a line. A line whose usage has one price shows both. Tiers and minimums
 * have no such price: their line is one unit for the amount, and {@code used} says the quantity.
 */
record UnitPrice(BigDecimal quantity, BigDecimal price, @Nullable String used) {
  /**
   * Of a line.
   *
   * @param detail how the amount came about; absent for a fee
   */
  static UnitPrice of(Fields detail, BigDecimal net) {
    return single(detail, net).orElseGet(() -> whole(used(detail), net));
  }

  /** EN 16931 wants a price of at least 0, so a credit has a quantity below it. */
  private static UnitPrice whole(@Nullable String used, BigDecimal net) {
    return new UnitPrice(BigDecimal.valueOf(net.signum() < 0 ? -1 : 1), net.abs(), used);
  }

  private static Optional<UnitPrice> single(Fields detail, BigDecimal net) {
    List<Fields> steps = detail.list("steps");
    if (steps.size() != 1) {
      return Optional.empty();
    }
    Optional<BigDecimal> quantity = decimal(steps.get(0).node().path("quantity"));
    Optional<BigDecimal> price = decimal(steps.get(0).node().path("unitPrice"));
    if (quantity.isEmpty() || price.isEmpty() || price.get().signum() < 0) {
      return Optional.empty();
    }
    BigDecimal product = quantity.get().multiply(price.get());
    boolean explains =
        product.setScale(net.scale(), RoundingMode.HALF_UP).compareTo(net) == 0
            && quantity.get().signum() != 0;
    return explains
        ? Optional.of(new UnitPrice(quantity.get(), price.get(), null))
        : Optional.empty();
  }

  private static @Nullable String used(Fields detail) {
    JsonNode quantity = detail.node().path("quantity");
    return quantity.isTextual() ? quantity.textValue() : null;
  }

  /** Fractions such as 1/3 are no decimal. */
  private static Optional<BigDecimal> decimal(JsonNode node) {
    if (!node.isTextual()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(node.textValue()));
    } catch (NumberFormatException fraction) {
      return Optional.empty();
    }
  }
}
