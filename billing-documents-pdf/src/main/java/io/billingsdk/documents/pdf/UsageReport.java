package io.billingsdk.documents.pdf;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * What a customer used in a month, and what that costs. Immutable.
 *
 * @param seller the name of the seller; empty for none
 * @param customerId the id of the customer
 * @param customerName the name of the customer
 * @param from the first day of the month
 * @param to the last day of the month
 * @param zone whose midnights bound the month
 * @param over whether the month has ended
 * @param currency of the amounts
 * @param calls how many calls there were
 * @param models usage by model
 * @param refusals refused calls by reason
 * @param costs fees and usage by charge
 * @param total the sum of the costs
 */
public record UsageReport(
    String seller,
    String customerId,
    String customerName,
    LocalDate from,
    LocalDate to,
    String zone,
    boolean over,
    String currency,
    BigDecimal calls,
    List<ModelLine> models,
    List<RefusalLine> refusals,
    List<CostLine> costs,
    BigDecimal total) {
  /** Copies the lists. */
  public UsageReport {
    models = List.copyOf(models);
    refusals = List.copyOf(refusals);
    costs = List.copyOf(costs);
  }

  /** Usage of a model. */
  public record ModelLine(String model, BigDecimal calls, BigDecimal usage) {}

  /** Calls that were refused for a reason. */
  public record RefusalLine(String reason, BigDecimal calls) {}

  /**
   * What a charge costs.
   *
   * @param kind {@code advance}, {@code arrears}, {@code credit} or {@code usage}
   * @param plan the plan with its version
   */
  public record CostLine(String kind, String name, String plan, BigDecimal amount) {}
}
