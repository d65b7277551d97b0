package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.Together;
import io.billingsdk.server.invoices.InvoiceStates.Balance;
import io.billingsdk.server.invoices.InvoiceStates.InvoiceState;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** How far invoices are paid and credited. */
final class InvoiceStateRows {
  private InvoiceStateRows() {}

  static void add(Together changes, Balance balance) {
    changes.add(
        """
        INSERT INTO invoice_state (number, customer_id, currency, state, owed)
        VALUES (?, ?, ?, ?, ?)
        """,
        balance.number(),
        balance.customer(),
        balance.owed().currency(),
        balance.state().text(),
        balance.owed().amount());
  }

  static void change(Handle handle, Balance balance) {
    handle
        .createUpdate(
            """
            UPDATE invoice_state SET state = :state, paid = :paid, credited = :credited,
              changed_at = now()
            WHERE number = :number
            """)
        .bind("state", balance.state().text())
        .bind("paid", balance.paid().amount())
        .bind("credited", balance.credited().amount())
        .bind("number", balance.number())
        .execute();
  }

  static Optional<Balance> find(Handle handle, String number) {
    return handle
        .createQuery(
            """
            SELECT number, customer_id, currency, state, owed, paid, credited, open
            FROM invoice_state WHERE number = :number
            """)
        .bind("number", number)
        .map(ResultRow.to(InvoiceStateRows::balance))
        .findFirst();
  }

  private static Balance balance(ResultRow row) {
    String currency = row.text("currency");
    return new Balance(
        row.text("number"),
        row.text("customer_id"),
        InvoiceState.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        Money.of(currency, row.decimal("owed")),
        Money.of(currency, row.decimal("paid")),
        Money.of(currency, row.decimal("credited")),
        Money.of(currency, row.decimal("open")));
  }
}
