package io.billingsdk.server.reports;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * What a customer used in a calendar month, and what that costs. Immutable.
 *
 * @param month as 2026-11, in the zone of the customer
 * @param from its first moment
 * @param to its end, exclusive
 * @param over whether it has ended by the clock of the customer
 * @param calls how many events there are
 * @param models by name
 * @param refusals by reason
 * @param costs fees in the order of their subscription, then usage
 * @param total of the costs, without commitments, discounts of an invoice, and taxes
 */
record MonthReport(
    String customerId,
    String month,
    String zone,
    Instant from,
    Instant to,
    boolean over,
    String currency,
    BigDecimal calls,
    List<ModelUse> models,
    List<RefusedCount> refusals,
    List<Cost> costs,
    BigDecimal total) {
  /** Copies the lists. */
  MonthReport {
    models = List.copyOf(models);
    refusals = List.copyOf(refusals);
    costs = List.copyOf(costs);
  }

  /** Usage of a model. */
  record ModelUse(String model, BigDecimal calls, BigDecimal usage) {}

  /** Calls that services refused. */
  record RefusedCount(String reason, long calls) {}

  /**
   * A charge of a plan in the month.
   *
   * @param kind {@code advance}, {@code arrears} or {@code credit}, of a fee whose time begins in
   *     the month; {@code usage} of a charge by a meter
   */
  record Cost(
      String kind, String plan, int version, String chargeId, String name, BigDecimal amount) {}
}
