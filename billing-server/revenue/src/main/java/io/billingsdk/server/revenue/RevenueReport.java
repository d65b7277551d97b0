package io.billingsdk.server.revenue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The revenue of a month. Immutable.
 *
 * @param over whether the month has ended
 * @param invoiced by seller and currency
 * @param recurring by currency
 * @param forecast of the running month, if somebody asked for it; otherwise null
 */
record RevenueReport(
    String month,
    String zone,
    Instant from,
    Instant to,
    boolean over,
    List<InvoicedSums> invoiced,
    List<RecurringRevenue> recurring,
    CustomerCounts customers,
    List<BusinessFigure> figures,
    @Nullable RevenueForecast forecast) {
  /** Copies the lists. */
  RevenueReport {
    invoiced = List.copyOf(invoiced);
    recurring = List.copyOf(recurring);
    figures = List.copyOf(figures);
  }

  RevenueReport with(RevenueForecast found) {
    return new RevenueReport(
        month, zone, from, to, over, invoiced, recurring, customers, figures, found);
  }

  /**
   * The invoices and credit notes of a month. Amounts are without tax, if they do not say so.
   *
   * @param net what invoices have, less what credit notes give back
   * @param tax of invoices, less that of credit notes
   * @param paid money that came in the month, with tax
   * @param refunded money that was given back or taken back in it
   */
  record InvoicedSums(
      String month,
      String sellerId,
      String currency,
      long invoices,
      long creditNotes,
      BigDecimal invoiced,
      BigDecimal credited,
      BigDecimal net,
      BigDecimal taxInvoiced,
      BigDecimal taxCredited,
      BigDecimal tax,
      BigDecimal paid,
      BigDecimal refunded) {}

  /** {@code opening + gained + expansion - contraction - churn + reactivation = closing}. */
  record RecurringRevenue(
      String currency,
      BigDecimal opening,
      BigDecimal gained,
      BigDecimal expansion,
      BigDecimal contraction,
      BigDecimal churn,
      BigDecimal reactivation,
      BigDecimal closing) {
    static RecurringRevenue of(String currency, MrrSums sums) {
      return new RecurringRevenue(
          currency,
          sums.opening().amount(),
          sums.gained().amount(),
          sums.expansion().amount(),
          sums.contraction().amount(),
          sums.churn().amount(),
          sums.reactivation().amount(),
          sums.closing().amount());
    }
  }

  /** Customers, over all currencies. */
  record CustomerCounts(
      long payingAtStart, long payingAtEnd, long lost, long free, long converted) {
    static CustomerCounts of(PayingCounts counts) {
      return new CustomerCounts(
          counts.payingAtStart(),
          counts.payingAtEnd(),
          counts.lost(),
          counts.free(),
          counts.converted());
    }
  }
}
