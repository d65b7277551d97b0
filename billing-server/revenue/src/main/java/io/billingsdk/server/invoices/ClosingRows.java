package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.ResultRow;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Closing spans: late usage after the last span of a cancelled subscription is due then. */
final class ClosingRows {
  /** For usage that comes late. */
  static final Duration WAIT = Duration.ofDays(30);

  // One whose last span the server never bills has nothing to close.
  private static final String ADD =
      """
      INSERT INTO invoice_span (subscription_id, number, customer_id, valid_from, valid_to,
        after_event, last_event, due_at, test_clock, kind)
      SELECT :id, :number + 1, :customer, :to, :to, :last, :last, :due, :test, 'closing'
      WHERE :test OR :to >= (SELECT bill_from FROM invoice_start)
      ON CONFLICT DO NOTHING
      """;

  private ClosingRows() {}

  /**
   * Notes the closing span; repeating it is free.
   *
   * @param last the span that the cancellation ended
   */
  static void add(Handle handle, Span last, String customer, boolean isTest) {
    handle
        .createUpdate(ADD)
        .bind("id", last.subscription())
        .bind("number", last.number())
        .bind("customer", customer)
        .bind("to", last.to())
        .bind("due", last.to().plus(WAIT))
        .bind("last", last.lastEvent())
        .bind("test", isTest)
        .execute();
  }

  /** Whether the subscription was taken up again: its next invoice has what came late. */
  static boolean isPassed(Handle handle, Span closing) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT FROM invoice_span WHERE subscription_id = :id
              AND number > :number AND kind <> 'progress') AS passed
            """)
        .bind("id", closing.subscription())
        .bind("number", closing.number())
        .map(ResultRow.to(row -> row.flag("passed")))
        .one();
  }

  /** Keeps the amount that is too little for an invoice, so that it can be named. */
  static void waive(Handle handle, Span closing, Money net) {
    handle
        .createUpdate(
            "UPDATE invoice_span SET waived = :net WHERE subscription_id = :id AND number ="
                + " :number")
        .bind("net", net.amount())
        .bind("id", closing.subscription())
        .bind("number", closing.number())
        .execute();
  }
}
