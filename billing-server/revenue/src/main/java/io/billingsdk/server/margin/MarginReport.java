package io.billingsdk.server.margin;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prices less costs of a month. Immutable.
 *
 * @param month as 2026-11, of the zone of each customer
 * @param sums by currency
 * @param customers by their ids
 * @param lines by the plans and charges of invoices; an empty plan for usage that no line has
 * @param models by module and model; an empty module for what has no usage, such as fees
 * @param unknown usage whose cost is in no figure
 */
record MarginReport(
    String month,
    List<MarginAmounts> sums,
    List<CustomerMargin> customers,
    List<LineMargin> lines,
    List<ModelMargin> models,
    List<UnknownCost> unknown) {
  /** Copies the lists. */
  MarginReport {
    sums = List.copyOf(sums);
    customers = List.copyOf(customers);
    lines = List.copyOf(lines);
    models = List.copyOf(models);
    unknown = List.copyOf(unknown);
  }

  /**
   * A price beside its cost.
   *
   * @param price after discounts, without tax
   * @param cost as far as it is known, exactly
   * @param margin price less cost
   * @param percent of the price, rounded to two decimals; null if the price is 0
   * @param complete whether the cost of all usage is known
   */
  record MarginAmounts(
      String currency,
      BigDecimal price,
      BigDecimal cost,
      BigDecimal margin,
      @Nullable BigDecimal percent,
      boolean complete) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    static MarginAmounts of(String currency, BigDecimal price, BigDecimal cost, boolean complete) {
      BigDecimal margin = price.subtract(cost);
      return new MarginAmounts(
          currency,
          price,
          shortest(cost, price.scale()),
          shortest(margin, price.scale()),
          price.signum() == 0
              ? null
              : margin.multiply(HUNDRED).divide(price, 2, RoundingMode.HALF_UP),
          complete);
    }

    MarginAmounts plus(MarginAmounts other) {
      return of(currency, price.add(other.price), cost.add(other.cost), complete && other.complete);
    }

    private static BigDecimal shortest(BigDecimal exact, int least) {
      BigDecimal stripped = exact.stripTrailingZeros();
      return stripped.scale() < least ? stripped.setScale(least) : stripped;
    }
  }

  /** Of a customer, whose usage is that of a time. */
  record CustomerMargin(String customerId, Instant from, Instant to, MarginAmounts amounts) {}

  /** Of a charge of a plan. */
  record LineMargin(String plan, String charge, MarginAmounts amounts) {}

  /** Of a model. */
  record ModelMargin(String module, String model, BigDecimal usage, MarginAmounts amounts) {}

  /** Usage whose cost is in no figure, and why. */
  record UnknownCost(String module, String model, BigDecimal usage, String reason) {}
}
