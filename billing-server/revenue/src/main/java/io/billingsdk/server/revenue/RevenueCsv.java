package io.billingsdk.server.revenue;

import io.billingsdk.server.common.CsvLines;
import io.billingsdk.server.revenue.RevenueForecast.CurrencyForecast;
import io.billingsdk.server.revenue.RevenueReport.InvoicedSums;
import io.billingsdk.server.revenue.RevenueReport.RecurringRevenue;
import org.jspecify.annotations.Nullable;

/** A report as comma-separated values: one figure a line, so that all kinds have one form. */
final class RevenueCsv {
  private final CsvLines csv = new CsvLines();
  private final RevenueReport report;

  private RevenueCsv(RevenueReport report) {
    this.report = report;
  }

  static byte[] of(RevenueReport report) {
    return new RevenueCsv(report).written();
  }

  private byte[] written() {
    csv.line("month", "group", "seller", "currency", "figure", "value", "target", "state");
    report.invoiced().forEach(this::invoiced);
    report.recurring().forEach(this::recurring);
    var customers = report.customers();
    customers("paying_at_start", customers.payingAtStart());
    customers("paying_at_end", customers.payingAtEnd());
    customers("lost", customers.lost());
    customers("free", customers.free());
    customers("converted", customers.converted());
    for (BusinessFigure each : report.figures()) {
      String target = each.wanted() + " " + each.target().toPlainString();
      line(
          "figure_percent",
          "",
          each.currency(),
          each.figure(),
          each.percent(),
          target,
          each.state());
    }
    RevenueForecast forecast = report.forecast();
    if (forecast != null) {
      forecast.currencies().forEach(this::forecast);
    }
    return csv.bytes();
  }

  private void forecast(CurrencyForecast of) {
    forecast(of, "fees", of.fees());
    forecast(of, "so_far", of.soFar());
    forecast(of, "forecast", of.forecast());
    forecast(of, "low", of.low());
    forecast(of, "high", of.high());
    forecast(of, "error_percent", of.errorPercent());
  }

  private void forecast(CurrencyForecast of, String figure, @Nullable Object value) {
    line("forecast", null, of.currency(), figure, value, null, of.state());
  }

  private void invoiced(InvoicedSums sums) {
    invoiced(sums, "invoices", sums.invoices());
    invoiced(sums, "credit_notes", sums.creditNotes());
    invoiced(sums, "invoiced", sums.invoiced());
    invoiced(sums, "credited", sums.credited());
    invoiced(sums, "net", sums.net());
    invoiced(sums, "tax_invoiced", sums.taxInvoiced());
    invoiced(sums, "tax_credited", sums.taxCredited());
    invoiced(sums, "tax", sums.tax());
    invoiced(sums, "paid", sums.paid());
    invoiced(sums, "refunded", sums.refunded());
  }

  private void invoiced(InvoicedSums sums, String figure, Object value) {
    line("invoiced", sums.sellerId(), sums.currency(), figure, value, null, null);
  }

  private void recurring(RecurringRevenue sums) {
    recurring(sums, "opening", sums.opening());
    recurring(sums, "gained", sums.gained());
    recurring(sums, "expansion", sums.expansion());
    recurring(sums, "contraction", sums.contraction());
    recurring(sums, "churn", sums.churn());
    recurring(sums, "reactivation", sums.reactivation());
    recurring(sums, "closing", sums.closing());
  }

  private void recurring(RecurringRevenue sums, String figure, Object value) {
    line("recurring", null, sums.currency(), figure, value, null, null);
  }

  private void customers(String figure, long value) {
    line("customers", null, null, figure, value, null, null);
  }

  private void line(
      String group,
      @Nullable String seller,
      @Nullable String currency,
      String figure,
      @Nullable Object value,
      @Nullable String target,
      @Nullable String state) {
    csv.line(report.month(), group, seller, currency, figure, value, target, state);
  }
}
