package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.payments.Payment.NewPayment;
import io.billingsdk.server.payments.Payment.PaymentMethod;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of payments. */
final class PaymentRows {
  private static final String INSERT =
      """
      INSERT INTO payment (payment_id, customer_id, currency, amount, method, received_on,
        reference, actor)
      VALUES (:id, :customer, :currency, :amount, :method, :receivedOn, :reference, :actor)
      """;

  private static final String SELECT =
      """
      SELECT payment_id, position, customer_id, currency, amount, method, received_on, reference,
        created_at
      FROM payment
      """;

  private PaymentRows() {}

  static void insert(Handle handle, String id, NewPayment wanted, Actor actor) {
    handle
        .createUpdate(INSERT)
        .bind("id", id)
        .bind("customer", wanted.customer())
        .bind("currency", wanted.amount().currency())
        .bind("amount", wanted.amount().amount())
        .bind("method", wanted.method().text())
        .bind("receivedOn", wanted.receivedOn())
        .bind("reference", wanted.reference())
        .bind("actor", actor.name())
        .execute();
  }

  static Optional<Payment> find(Handle handle, String id) {
    return handle
        .createQuery(SELECT + "WHERE payment_id = :id")
        .bind("id", id)
        .map(ResultRow.to(row -> payment(handle, row)))
        .findFirst();
  }

  /** The latest first, below a position. */
  static List<Payment> page(Handle handle, @Nullable String customer, long below, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE position < :below AND (:customer::text IS NULL OR customer_id = :customer)
                ORDER BY position DESC LIMIT :most
                """)
        .bind("below", below)
        .bind("customer", customer)
        .bind("most", most)
        .map(ResultRow.to(row -> payment(handle, row)))
        .list();
  }

  /** Payments by bank that have paid one of these invoices, with an amount that is still there. */
  static List<String> byBank(Handle handle, List<String> numbers, BigDecimal amount) {
    return handle
        .createQuery(
            """
            SELECT payment_id FROM payment AS p
            WHERE method = 'bank' AND amount = :amount
              AND EXISTS (SELECT 1 FROM posting JOIN posting_entry e USING (posting_id)
                WHERE posting.payment_id = p.payment_id AND e.number = ANY (:numbers))
              AND amount = (SELECT sum(e.amount)
                FROM posting JOIN posting_entry e USING (posting_id)
                WHERE posting.payment_id = p.payment_id AND e.account = 'cash')
            ORDER BY position
            """)
        .bind("amount", amount)
        .bindArray("numbers", String.class, numbers)
        .map(ResultRow.to(row -> row.text("payment_id")))
        .list();
  }

  private static Payment payment(Handle handle, ResultRow row) {
    String id = row.text("payment_id");
    String currency = row.text("currency");
    return new Payment(
        id,
        row.number("position"),
        row.text("customer_id"),
        Money.of(currency, row.decimal("amount")),
        PostingRows.left(handle, id, currency),
        PaymentMethod.of(row.text("method")),
        LocalDate.parse(row.text("received_on")),
        row.textOrNull("reference"),
        PostingRows.settled(handle, id, currency),
        row.time("created_at"));
  }
}
