package io.billingsdk.rating;

import java.util.List;
import java.util.Objects;

/**
 * A line of an invoice, as far as sums depend on it.
 *
 * @param net the amount without tax, after the line's own discount; negative for a credit
 * @param taxes the taxes on it, each on the net amount and not on another tax; none if it is not
 *     taxed
 * @param discountable whether a discount of the invoice reduces it; false for a charge of the
 *     document
 */
public record InvoiceLine(Money net, List<TaxRate> taxes, boolean discountable) {
  /** Copies the taxes, and refuses one that is there twice. */
  public InvoiceLine {
    Objects.requireNonNull(net, "net");
    taxes = List.copyOf(taxes);
    if (taxes.stream().distinct().count() < taxes.size()) {
      throw new RatingInputException("taxes", "different from each other", taxes);
    }
  }

  /** A line with these taxes that a discount of the invoice reduces. */
  public static InvoiceLine of(Money net, TaxRate... taxes) {
    return new InvoiceLine(net, List.of(taxes), true);
  }

  /** A charge of the document, such as freight, that no discount reduces. */
  public static InvoiceLine documentCharge(Money net, TaxRate... taxes) {
    return new InvoiceLine(net, List.of(taxes), false);
  }

  /** The one currency of lines; refuses none, and several currencies. */
  static String currencyOf(List<InvoiceLine> lines) {
    if (lines.isEmpty()) {
      throw new RatingInputException("lines", "at least one", "none");
    }
    String currency = lines.get(0).net().currency();
    for (int i = 1; i < lines.size(); i++) {
      Check.inCurrency("lines[" + i + "].net", currency, lines.get(i).net());
    }
    return currency;
  }
}
