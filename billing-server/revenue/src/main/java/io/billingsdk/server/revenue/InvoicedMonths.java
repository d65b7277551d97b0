package io.billingsdk.server.revenue;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.invoices.IssuedDocuments.DocumentSums;
import io.billingsdk.server.invoices.IssuedDocuments.Selection;
import io.billingsdk.server.revenue.RevenueReport.InvoicedSums;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums of invoices and credit notes by month, seller and currency. Currencies are never added up.
 * Thread-safe.
 */
final class InvoicedMonths {
  private final IssuedDocuments documents;

  InvoicedMonths(Database database) {
    this.documents = new IssuedDocuments(database);
  }

  /**
   * The sums of months, in their order.
   *
   * @param last included
   * @param ofTestClocks those of customers with test clocks alone
   */
  List<InvoicedSums> of(YearMonth first, YearMonth last, boolean ofTestClocks) {
    Selection selection =
        new Selection(first.atDay(1), last.plusMonths(1).atDay(1), null, null, ofTestClocks);
    Map<String, Pair> pairs = new TreeMap<>();
    for (DocumentSums each : documents.sums(selection)) {
      // A space sorts before all characters of ids.
      String place = each.month() + " " + each.seller() + " " + each.currency();
      pairs.merge(place, Pair.of(each), Pair::with);
    }
    return pairs.values().stream().map(InvoicedMonths::sums).toList();
  }

  /** The invoices and the credit notes of one place; null for none. */
  private record Pair(@Nullable DocumentSums invoices, @Nullable DocumentSums creditNotes) {
    static Pair of(DocumentSums sums) {
      return sums.isInvoice() ? new Pair(sums, null) : new Pair(null, sums);
    }

    Pair with(Pair other) {
      return new Pair(
          invoices == null ? other.invoices : invoices,
          creditNotes == null ? other.creditNotes : creditNotes);
    }
  }

  private static InvoicedSums sums(Pair pair) {
    DocumentSums any = pair.invoices() == null ? pair.creditNotes() : pair.invoices();
    if (any == null) {
      throw new IllegalStateException("a month without documents has no sums");
    }
    BigDecimal zero = Money.zero(any.currency()).amount();
    DocumentSums none =
        new DocumentSums(any.month(), any.seller(), any.currency(), true, 0, zero, zero);
    DocumentSums invoices = pair.invoices() == null ? none : pair.invoices();
    DocumentSums notes = pair.creditNotes() == null ? none : pair.creditNotes();
    return new InvoicedSums(
        any.month(),
        any.seller(),
        any.currency(),
        invoices.documents(),
        notes.documents(),
        invoices.net(),
        notes.net(),
        invoices.net().subtract(notes.net()),
        invoices.tax(),
        notes.tax(),
        invoices.tax().subtract(notes.tax()),
        zero,
        zero);
  }
}
