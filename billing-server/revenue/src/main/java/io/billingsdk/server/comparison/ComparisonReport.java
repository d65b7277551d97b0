package io.billingsdk.server.comparison;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What two systems have invoiced. Immutable.
 *
 * @param from the first month, as 2026-11
 * @param to the last one
 * @param same whether all places are equal
 * @param equal how many places are
 * @param items all places, by customer, month and currency
 * @param sums by currency
 */
record ComparisonReport(
    String from,
    String to,
    boolean same,
    long equal,
    List<ComparedMonth> items,
    List<ComparedSum> sums) {
  /** Copies the lists. */
  ComparisonReport {
    items = List.copyOf(items);
    sums = List.copyOf(sums);
  }

  /**
   * What one system has of a customer in a month.
   *
   * @param documents how many rows or documents
   * @param net after discounts, without tax; less credit notes
   * @param tax null if the other system does not say it
   */
  record Invoiced(long documents, BigDecimal net, @Nullable BigDecimal tax) {}

  /**
   * A customer in a month.
   *
   * @param state {@code equal}, {@code different}, {@code only_theirs}, {@code only_ours} or {@code
   *     no_customer}
   * @param theirs null for none
   * @param ours null for none
   * @param netDifference ours less theirs
   * @param taxDifference the same; null if the other system says no tax
   */
  record ComparedMonth(
      String customerId,
      String month,
      String currency,
      String state,
      @Nullable Invoiced theirs,
      @Nullable Invoiced ours,
      BigDecimal netDifference,
      @Nullable BigDecimal taxDifference) {}

  /** All of a currency, without tax. */
  record ComparedSum(String currency, BigDecimal theirs, BigDecimal ours, BigDecimal difference) {}
}
