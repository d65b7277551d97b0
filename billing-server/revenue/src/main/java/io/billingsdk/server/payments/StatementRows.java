package io.billingsdk.server.payments;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of accounts at banks, and of their statements. */
final class StatementRows {
  private static final String LINE =
      """
      SELECT line_id, iban, bank_ref, booked_on, currency, amount, payer, remittance, is_return,
        state, reason, payment_id
      FROM bank_line
      """;

  private StatementRows() {}

  /** An account of a seller. */
  record BankAccount(String iban, String seller, String currency) {}

  /** False if it is there. */
  static boolean insert(Handle handle, BankAccount account, Actor actor) {
    return handle
            .createUpdate(
                """
                INSERT INTO bank_account (iban, seller_id, currency, actor)
                VALUES (:iban, :seller, :currency, :actor) ON CONFLICT DO NOTHING
                """)
            .bind("iban", account.iban())
            .bind("seller", account.seller())
            .bind("currency", account.currency())
            .bind("actor", actor.name())
            .execute()
        > 0;
  }

  static Optional<BankAccount> account(Handle handle, String iban) {
    return handle
        .createQuery("SELECT iban, seller_id, currency FROM bank_account WHERE iban = :iban")
        .bind("iban", iban)
        .map(ResultRow.to(StatementRows::account))
        .findFirst();
  }

  static List<BankAccount> accounts(Handle handle, String after, int most) {
    return handle
        .createQuery(
            """
            SELECT iban, seller_id, currency FROM bank_account WHERE iban > :after
            ORDER BY iban LIMIT :most
            """)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(StatementRows::account))
        .list();
  }

  private static BankAccount account(ResultRow row) {
    return new BankAccount(row.text("iban"), row.text("seller_id"), row.text("currency"));
  }

  /** The id of a file, which may have been imported before. */
  static long insert(Handle handle, String iban, String sha256, String format, Actor actor) {
    return handle
        .createQuery(
            """
            WITH made AS (
              INSERT INTO bank_statement (iban, sha256, format, actor)
              VALUES (:iban, :sha256, :format, :actor) ON CONFLICT DO NOTHING
              RETURNING statement_id)
            SELECT statement_id FROM made
            UNION ALL SELECT statement_id FROM bank_statement
            WHERE iban = :iban AND sha256 = :sha256
            """)
        .bind("iban", iban)
        .bind("sha256", sha256)
        .bind("format", format)
        .bind("actor", actor.name())
        .map(ResultRow.to(row -> row.number("statement_id")))
        .one();
  }

  /** False if the account has the line already, of this file or of another one. */
  static boolean insert(
      Handle handle, long statement, String iban, BankTransfer transfer, String reason) {
    return handle
            .createUpdate(
                """
                INSERT INTO bank_line (statement_id, iban, bank_ref, booked_on, currency, amount,
                  payer, remittance, is_return, state, reason)
                VALUES (:statement, :iban, :ref, :day, :currency, :amount, :payer, :remittance,
                  :isReturn, :state, :reason) ON CONFLICT DO NOTHING
                """)
            .bind("statement", statement)
            .bind("iban", iban)
            .bind("ref", transfer.bankRef())
            .bind("day", transfer.bookedOn())
            .bind("currency", transfer.currency())
            .bind("amount", transfer.amount())
            .bind("payer", transfer.payer())
            .bind("remittance", transfer.remittance())
            .bind("isReturn", transfer.isReturn())
            .bind("state", transfer.doubt() == null ? "waiting" : "unmatched")
            .bind("reason", transfer.doubt() == null ? reason : transfer.doubt())
            .execute()
        > 0;
  }

  /** Lines that nobody has looked at, in their order; after one. */
  static List<Long> waiting(Handle handle, long after, int most) {
    return handle
        .createQuery(
            """
            SELECT line_id FROM bank_line WHERE state = 'waiting' AND line_id > :after
            ORDER BY line_id LIMIT :most
            """)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(row -> row.number("line_id")))
        .list();
  }

  static void settle(
      Handle handle, long line, String state, @Nullable String reason, @Nullable String payment) {
    handle
        .createUpdate(
            """
            UPDATE bank_line SET state = :state, reason = :reason, payment_id = :payment
            WHERE line_id = :line
            """)
        .bind("state", state)
        .bind("reason", reason)
        .bind("payment", payment)
        .bind("line", line)
        .execute();
  }

  /** A line, alone with it until the transaction ends. */
  static Optional<BankLine> lock(Handle handle, long line) {
    return handle
        .createQuery(LINE + "WHERE line_id = :line FOR UPDATE")
        .bind("line", line)
        .map(ResultRow.to(StatementRows::line))
        .findFirst();
  }

  static List<BankLine> page(Handle handle, @Nullable String state, long after, int most) {
    return handle
        .createQuery(
            LINE
                + """
                WHERE line_id > :after AND (:state::text IS NULL OR state = :state)
                ORDER BY line_id LIMIT :most
                """)
        .bind("after", after)
        .bind("state", state)
        .bind("most", most)
        .map(ResultRow.to(StatementRows::line))
        .list();
  }

  private static BankLine line(ResultRow row) {
    return new BankLine(
        row.number("line_id"),
        row.text("iban"),
        new BankTransfer(
            row.text("bank_ref"),
            LocalDate.parse(row.text("booked_on")),
            row.text("currency"),
            row.decimal("amount"),
            row.text("payer"),
            row.text("remittance"),
            null,
            row.flag("is_return")),
        row.text("state"),
        row.textOrNull("reason"),
        row.textOrNull("payment_id"));
  }
}
