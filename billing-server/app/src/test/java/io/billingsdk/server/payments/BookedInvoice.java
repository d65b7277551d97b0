package io.billingsdk.server.payments;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Invoices and credit notes in the books, as the events of their issue bring them. */
public final class BookedInvoice {
  private BookedInvoice() {}

  /** An invoice without tax. */
  public static void invoice(Database database, String customer, String number, String total) {
    book(database, document(customer, number, total, "0", "0", null, LocalDate.of(2026, 12, 1)));
  }

  /**
   * The event of a document.
   *
   * @param corrects null for an invoice
   */
  static DeliveredEvent document(
      String customer,
      String number,
      String taxable,
      String tax,
      String prepaid,
      @Nullable String corrects,
      LocalDate day) {
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    said.put("number", number);
    said.put("kind", corrects == null ? "invoice" : "credit_note");
    said.put("customerId", customer);
    said.put("sellerId", "seller");
    said.put("issuedOn", day.toString());
    said.put("currency", "USD");
    said.put("taxable", taxable);
    said.put("tax", tax);
    said.put(
        "total", new java.math.BigDecimal(taxable).add(new java.math.BigDecimal(tax)).toString());
    said.put("prepaid", prepaid);
    if (corrects != null) {
      said.put("corrects", corrects);
    }
    DomainEvent event = DomainEvent.of("invoice.issued", "customer/" + customer, said, "tester");
    return new DeliveredEvent(event, 1, Instant.EPOCH, 1, 0);
  }

  static void book(Database database, DeliveredEvent event) {
    try {
      new Receivables(database).receive(event);
    } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
      throw new AssertionError(malformed);
    }
  }
}
