package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.server.invoices.Books.Invoiced;
import java.util.List;

/** How much usage a running period has so far, and how much of it is invoiced. Immutable. */
record ProgressState(Money usage, Money invoiced) {

  /**
   * Of a running period.
   *
   * @param span that will bill it
   */
  static ProgressState of(SpanRating rating, Books books, Span span, Money zero) {
    Money usage = zero;
    Money invoiced = zero;
    for (RatedUsage rated : rating.rate(span, PeriodPart.RUNNING)) {
      usage = usage.plus(rated.amount());
      invoiced = invoiced.plus(invoiced(books, rated.key(), zero));
    }
    return new ProgressState(usage, invoiced);
  }

  /** What invoices have of a key. */
  static Money invoiced(Books books, LineKey key, Money zero) {
    Money sum = zero;
    for (Invoiced each : books.invoiced(key).orElseGet(List::of)) {
      sum = sum.plus(each.settled());
    }
    return sum;
  }
}
