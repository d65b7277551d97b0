package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Owed amounts, a row for each invoice. */
final class ReceivableRows {
  private static final String SELECT =
      """
      SELECT number, customer_id, seller_id, currency, amount, open, issued_on, due_on, reference,
        written_off, next_on
      FROM receivable
      """;

  private static final String INSERT =
      """
      INSERT INTO receivable (number, customer_id, seller_id, currency, amount, open, issued_on,
        due_on, reference)
      SELECT :number, :customer, :seller, :currency, :amount, 0, :issued, :due, :reference
      WHERE NOT EXISTS (SELECT 1 FROM receivable WHERE reference = :reference)
      """;

  private ReceivableRows() {}

  /** False if another invoice has the reference. The posting of the invoice opens the amount. */
  static boolean insert(
      Handle handle, IssuedDocument invoice, LocalDate dueOn, CreditorReference reference) {
    return handle
            .createUpdate(INSERT)
            .bind("number", invoice.number())
            .bind("customer", invoice.customer())
            .bind("seller", invoice.seller())
            .bind("currency", invoice.due().currency())
            .bind("amount", invoice.due().amount())
            .bind("issued", invoice.issuedOn())
            .bind("due", dueOn)
            .bind("reference", reference.text())
            .execute()
        > 0;
  }

  static long count(Handle handle) {
    return handle
        .createQuery("SELECT count(*) AS rows FROM receivable")
        .map(ResultRow.to(row -> row.number("rows")))
        .one();
  }

  static void writtenOff(Handle handle, String number, boolean isWrittenOff) {
    handle
        .createUpdate("UPDATE receivable SET written_off = :given WHERE number = :number")
        .bind("given", isWrittenOff)
        .bind("number", number)
        .execute();
  }

  static Optional<Receivable> find(Handle handle, String number) {
    return handle
        .createQuery(SELECT + "WHERE number = :number")
        .bind("number", number)
        .map(ResultRow.to(ReceivableRows::receivable))
        .findFirst();
  }

  static List<Receivable> withReferences(Handle handle, Collection<String> references) {
    return handle
        .createQuery(SELECT + "WHERE reference = ANY (:references) ORDER BY due_on, number")
        .bindArray("references", String.class, references)
        .map(ResultRow.to(ReceivableRows::receivable))
        .list();
  }

  static List<Receivable> withNumbers(Handle handle, Collection<String> numbers) {
    return handle
        .createQuery(SELECT + "WHERE number = ANY (:numbers) ORDER BY due_on, number")
        .bindArray("numbers", String.class, numbers)
        .map(ResultRow.to(ReceivableRows::receivable))
        .list();
  }

  /** What a customer has to pay, the oldest first. */
  static List<Receivable> open(Handle handle, String customer) {
    return handle
        .createQuery(SELECT + "WHERE customer_id = :customer AND open > 0 ORDER BY due_on, number")
        .bind("customer", customer)
        .map(ResultRow.to(ReceivableRows::receivable))
        .list();
  }

  /** What several customers have to pay. */
  static List<Receivable> ofCustomers(Handle handle, Collection<String> customers) {
    return handle
        .createQuery(SELECT + "WHERE customer_id = ANY (:customers) AND open > 0 ORDER BY number")
        .bindArray("customers", String.class, customers)
        .map(ResultRow.to(ReceivableRows::receivable))
        .list();
  }

  /** Open invoices to be looked at up to a day, after a place in the order of days. */
  static List<Receivable> toLook(
      Handle handle, LocalDate upTo, LocalDate afterDay, String afterNumber, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE open > 0 AND next_on <= :upTo AND (next_on, number) > (:day, :number)
                ORDER BY next_on, number LIMIT :most
                """)
        .bind("upTo", upTo)
        .bind("day", afterDay)
        .bind("number", afterNumber)
        .bind("most", most)
        .map(ResultRow.to(ReceivableRows::receivable))
        .list();
  }

  /** Gives what is open again another day on which it is due, unless that is later already. */
  static void dueAgain(Handle handle, String number, LocalDate due) {
    handle
        .createUpdate(
            "UPDATE receivable SET due_on = greatest(due_on, :due) WHERE number = :number"
                + " AND open > 0")
        .bind("due", due)
        .bind("number", number)
        .execute();
  }

  static void lookNext(Handle handle, String number, @Nullable LocalDate next) {
    handle
        .createUpdate("UPDATE receivable SET next_on = :next WHERE number = :number")
        .bind("next", next)
        .bind("number", number)
        .execute();
  }

  /** In the order of their numbers. */
  static List<Receivable> page(
      Handle handle, @Nullable String customer, boolean onlyOpen, String after, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE number > :after AND (:customer::text IS NULL OR customer_id = :customer)
                  AND (open > 0 OR NOT :onlyOpen)
                ORDER BY number LIMIT :most
                """)
        .bind("after", after)
        .bind("customer", customer)
        .bind("onlyOpen", onlyOpen)
        .bind("most", most)
        .map(ResultRow.to(ReceivableRows::receivable))
        .list();
  }

  private static @Nullable LocalDate day(@Nullable String text) {
    return text == null ? null : LocalDate.parse(text);
  }

  private static Receivable receivable(ResultRow row) {
    String currency = row.text("currency");
    return new Receivable(
        row.text("number"),
        row.text("customer_id"),
        row.text("seller_id"),
        Money.of(currency, row.decimal("amount")),
        Money.of(currency, row.decimal("open")),
        LocalDate.parse(row.text("issued_on")),
        LocalDate.parse(row.text("due_on")),
        row.text("reference"),
        row.flag("written_off"),
        day(row.textOrNull("next_on")));
  }
}
