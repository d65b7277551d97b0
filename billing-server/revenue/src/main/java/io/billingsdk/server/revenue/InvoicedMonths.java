package io.billingsdk.server.revenue;

import io.billingsdk.rating.Money;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.invoices.IssuedDocuments.DocumentSums;
import io.billingsdk.server.invoices.IssuedDocuments.Selection;
import io.billingsdk.server.payments.PaidMonths;
import io.billingsdk.server.payments.PaidMonths.PaidSelection;
import io.billingsdk.server.payments.PaidMonths.PaidSums;
import io.billingsdk.server.revenue.RevenueReport.InvoicedSums;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums of invoices, credit notes and payments by month, seller and currency. Currencies are never
 * added up. Thread-safe.
 */
final class InvoicedMonths {
  private final IssuedDocuments documents;
  private final PaidMonths payments;
  private final CustomerClocks clocks;

  InvoicedMonths(Database database) {
    this.documents = new IssuedDocuments(database);
    this.payments = new PaidMonths(database);
    this.clocks = new CustomerClocks(database);
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
    Map<Place, Found> found = new TreeMap<>();
    for (DocumentSums each : documents.sums(selection)) {
      Found of = found.computeIfAbsent(Place.of(each), Found::new);
      if (each.isInvoice()) {
        of.invoices = each;
      } else {
        of.creditNotes = each;
      }
    }
    PaidSelection paid =
        new PaidSelection(
            selection.from(), selection.to(), clocks.customersWithTestClocks(), ofTestClocks);
    for (PaidSums each : payments.sums(paid)) {
      found.computeIfAbsent(Place.of(each), Found::new).paid = each;
    }
    List<InvoicedSums> sums = new ArrayList<>();
    found.forEach((place, each) -> sums.add(sums(place, each)));
    return sums;
  }

  private record Place(String month, String seller, String currency) implements Comparable<Place> {
    static Place of(DocumentSums sums) {
      return new Place(sums.month(), sums.seller(), sums.currency());
    }

    static Place of(PaidSums sums) {
      return new Place(sums.month(), sums.seller(), sums.currency());
    }

    @Override
    public int compareTo(Place other) {
      return Comparator.comparing(Place::month)
          .thenComparing(Place::seller)
          .thenComparing(Place::currency)
          .compare(this, other);
    }
  }

  /** The invoices, the credit notes and the payments of one place; zeros for none. */
  private static final class Found {
    DocumentSums invoices;
    DocumentSums creditNotes;
    PaidSums paid;

    Found(Place place) {
      BigDecimal zero = Money.zero(place.currency()).amount();
      invoices =
          new DocumentSums(place.month(), place.seller(), place.currency(), true, 0, zero, zero);
      creditNotes =
          new DocumentSums(place.month(), place.seller(), place.currency(), false, 0, zero, zero);
      paid = new PaidSums(place.month(), place.seller(), place.currency(), zero, zero);
    }
  }

  private static InvoicedSums sums(Place place, Found found) {
    DocumentSums invoices = found.invoices;
    DocumentSums notes = found.creditNotes;
    return new InvoicedSums(
        place.month(),
        place.seller(),
        place.currency(),
        invoices.documents(),
        notes.documents(),
        invoices.net(),
        notes.net(),
        invoices.net().subtract(notes.net()),
        invoices.tax(),
        notes.tax(),
        invoices.tax().subtract(notes.tax()),
        Money.of(place.currency(), found.paid.paid()).amount(),
        Money.of(place.currency(), found.paid.refunded()).amount());
  }
}
