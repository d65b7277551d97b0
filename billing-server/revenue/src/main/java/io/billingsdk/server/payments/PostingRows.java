package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.payments.Posting.PostingLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of the books. A posting changes what is owed in the same transaction. */
final class PostingRows {
  private static final String INSERT =
      """
      INSERT INTO posting (kind, customer_id, currency, number, payment_id, reason, actor)
      VALUES (:kind, :customer, :currency, :number, :payment, :reason, :actor)
      RETURNING posting_id
      """;

  private static final String ENTRY =
      """
      INSERT INTO posting_entry (posting_id, line, account, number, amount)
      VALUES (:posting, :line, :account, :number, :amount)
      """;

  // An invoice that is open again is looked at again.
  private static final String OWED =
      """
      UPDATE receivable SET open = open + :amount,
        next_on = CASE WHEN :amount > 0 THEN issued_on ELSE next_on END
      WHERE number = :number
      """;

  private static final String BALANCE =
      """
      SELECT coalesce(sum(e.amount), 0) AS balance
      FROM posting p JOIN posting_entry e USING (posting_id)
      WHERE p.customer_id = :customer AND p.currency = :currency AND e.account = :account
      """;

  private static final String OF_PAYMENT =
      """
      SELECT coalesce(sum(e.amount), 0) AS moved
      FROM posting p JOIN posting_entry e USING (posting_id)
      WHERE p.payment_id = :payment AND e.account IN ('cash', 'cash_stripe', 'cash_paypal',
        'cash_sandbox')
      """;

  private static final String SETTLED =
      """
      SELECT e.number, -sum(e.amount) AS paid
      FROM posting p JOIN posting_entry e USING (posting_id)
      WHERE p.payment_id = :payment AND e.account = 'receivable'
      GROUP BY e.number HAVING sum(e.amount) < 0 ORDER BY max(p.posting_id), e.number
      """;

  private PostingRows() {}

  /** One who moves money of a customer is alone with it until the transaction ends. */
  static void lock(Handle handle, String customer) {
    // That of credits: a posting changes both, and two locks would need an order.
    Credits.lock(handle, customer);
  }

  static void add(Handle handle, Posting posting, @Nullable String reason, Actor actor) {
    long id =
        handle
            .createQuery(INSERT)
            .bind("kind", posting.kind().text())
            .bind("customer", posting.customer())
            .bind("currency", posting.lines().get(0).amount().currency())
            .bind("number", posting.number())
            .bind("payment", posting.payment())
            .bind("reason", reason)
            .bind("actor", actor.name())
            .map(ResultRow.to(row -> row.number("posting_id")))
            .one();
    int line = 0;
    for (PostingLine each : posting.lines()) {
      line++;
      handle
          .createUpdate(ENTRY)
          .bind("posting", id)
          .bind("line", line)
          .bind("account", each.account().text())
          .bind("number", each.number())
          .bind("amount", each.amount().amount())
          .execute();
      if (each.account() == MoneyAccount.RECEIVABLE) {
        handle
            .createUpdate(OWED)
            .bind("amount", each.amount().amount())
            .bind("number", each.number())
            .execute();
      }
    }
  }

  /** Whether the books have a document already. */
  static boolean has(Handle handle, String number) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM posting
              WHERE number = :number AND kind IN ('invoice', 'credit_note')) AS there
            """)
        .bind("number", number)
        .map(ResultRow.to(row -> row.flag("there")))
        .one();
  }

  /** The sum of an account of a customer. */
  static Money balance(Handle handle, String customer, String currency, MoneyAccount account) {
    return handle
        .createQuery(BALANCE)
        .bind("customer", customer)
        .bind("currency", currency)
        .bind("account", account.text())
        .map(ResultRow.to(row -> Money.of(currency, row.decimal("balance"))))
        .one();
  }

  /** How much of an invoice was given up, and not paid after that. */
  static Money writtenOff(Handle handle, String number, String currency) {
    return handle
        .createQuery(
            """
            SELECT coalesce(-sum(e.amount), 0) AS given
            FROM posting p JOIN posting_entry e USING (posting_id)
            WHERE e.number = :number AND p.kind = 'write_off'
            """)
        .bind("number", number)
        .map(ResultRow.to(row -> Money.of(currency, row.decimal("given"))))
        .one();
  }

  /** The rest of a payment after what was given back of it. */
  static Money left(Handle handle, String payment, String currency) {
    return handle
        .createQuery(OF_PAYMENT)
        .bind("payment", payment)
        .map(ResultRow.to(row -> Money.of(currency, row.decimal("moved"))))
        .one();
  }

  /** What a payment has settled of each invoice, in the order in which it did. */
  static Map<String, Money> settled(Handle handle, String payment, String currency) {
    record Settled(String number, Money paid) {}
    Map<String, Money> settled = new LinkedHashMap<>();
    List<Settled> found =
        handle
            .createQuery(SETTLED)
            .bind("payment", payment)
            .map(
                ResultRow.to(
                    row ->
                        new Settled(row.text("number"), Money.of(currency, row.decimal("paid")))))
            .list();
    found.forEach(each -> settled.put(each.number(), each.paid()));
    return settled;
  }
}
