package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
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

  /** Whether the service takes an account at a bank, or knows a reference. */
  public static boolean isAccountOrReference(PaymentWorld world, String text) {
    if (text.startsWith("RF")) {
      return CreditorReference.isValid(text) && CreditorReference.in(text).contains(text);
    }
    try {
      // That of the world is there already, which is said of a right one alone.
      var unused = world.statements().addAccount(text, "seller", "USD");
      return true;
    } catch (RequestRefusedException refused) {
      return String.valueOf(refused.getMessage()).contains("there already");
    }
  }

  /** Looks at lines of statements, as the job does it. */
  public static void matchLines(Database database) {
    new StatementJob(database).run();
  }

  /** An invoice in a currency, which the books alone know. */
  public static void invoice(
      Database database, String customer, String number, String total, String currency) {
    book(
        database,
        in(currency, document(customer, number, total, "0", "0", null, LocalDate.of(2026, 12, 1))));
  }

  /** A credit note of an invoice in a currency. */
  static void creditNote(
      Database database,
      String customer,
      String number,
      String total,
      String currency,
      String corrects) {
    book(
        database,
        in(
            currency,
            document(customer, number, total, "0", "0", corrects, LocalDate.of(2026, 12, 1))));
  }

  private static DeliveredEvent in(String currency, DeliveredEvent made) {
    String payload = made.event().payload().replace("\"USD\"", "\"" + currency + "\"");
    DomainEvent event =
        new DomainEvent(
            made.event().id(), made.event().kind(), made.event().subject(), payload, "tester");
    return new DeliveredEvent(event, 1, Instant.EPOCH, 1, 0);
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

  private static Money kept(Database database, String customer) {
    String currency = new Customers(database, new Actor("tester")).require(customer).currency();
    return database.read(handle -> Payments.kept(handle, customer, currency));
  }

  static void book(Database database, DeliveredEvent event) {
    try {
      String customer = event.event().subject().substring("customer/".length());
      Money before = kept(database, customer);
      new Receivables(database).receive(event);
      Money brought = kept(database, customer).minus(before);
      // As the invoices do it, which the books alone know here.
      if (brought.signum() > 0) {
        database.useTransaction(
            handle ->
                new InvoiceLink(database, handle, new Actor("tester"))
                    .keep(customer, brought, "note"));
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
      throw new AssertionError(malformed);
    }
  }
}
