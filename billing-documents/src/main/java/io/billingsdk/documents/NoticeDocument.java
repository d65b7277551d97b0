package io.billingsdk.documents;

import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reminder of an invoice, or a receipt for a payment. Immutable. */
public sealed interface NoticeDocument {
  /** Who says what to whom. */
  NoticeHead head();

  /**
   * What every notice has.
   *
   * @param number of the invoice that is not paid, or the id of the payment
   * @param on the day of the notice; of a receipt that of the payment
   * @param locale of the customer, a BCP 47 tag
   * @param template the name of the template that the settings ask for; null for none
   * @param reference by which the money is found; null for none
   */
  record NoticeHead(
      String number,
      LocalDate on,
      String currency,
      String locale,
      @Nullable String template,
      DocumentParty seller,
      DocumentParty customer,
      @Nullable String reference) {}

  /**
   * An invoice is not paid yet.
   *
   * @param due the last day in time
   * @param open the amount that is still to pay
   */
  record Reminder(NoticeHead head, LocalDate issued, LocalDate due, BigDecimal open)
      implements NoticeDocument {}

  /**
   * A payment came in.
   *
   * @param method how it came, such as {@code bank}
   * @param amount the amount that was received
   * @param settled the part of it for each invoice
   * @param kept the part that no invoice needed
   */
  record Receipt(
      NoticeHead head,
      String method,
      BigDecimal amount,
      List<SettledInvoice> settled,
      BigDecimal kept)
      implements NoticeDocument {
    /** Copies the list. */
    public Receipt {
      settled = List.copyOf(settled);
    }
  }

  /** What a payment has paid of an invoice. */
  record SettledInvoice(String number, BigDecimal amount) {}
}
