package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.BillingSettingsBook;
import io.billingsdk.server.customers.Iban;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.payments.BankStatement.StatementFormat;
import io.billingsdk.server.payments.Payment.NewPayment;
import io.billingsdk.server.payments.Payment.PaymentMethod;
import io.billingsdk.server.payments.StatementRows.BankAccount;
import io.billingsdk.server.payments.TransferMatch.Match;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes statements of banks in and matches their lines with invoices. The same file, and the same
 * line in another file, has effect once. Thread-safe.
 */
final class Statements {
  private final Database database;
  private final Actor actor;

  Statements(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * What an import did.
   *
   * @param known lines that were there, of this file or of another one
   */
  record Imported(int matched, int unmatched, int ignored, int known) {
    private Imported plus(String state) {
      return switch (state) {
        case "matched" -> new Imported(matched + 1, unmatched, ignored, known);
        case "unmatched" -> new Imported(matched, unmatched + 1, ignored, known);
        case "ignored" -> new Imported(matched, unmatched, ignored + 1, known);
        default -> new Imported(matched, unmatched, ignored, known + 1);
      };
    }
  }

  /** Adds an account of a seller. */
  BankAccount addAccount(String iban, String seller, String currency) {
    String plain = Iban.parse("iban", iban).text();
    return database.inTransaction(
        handle -> {
          new Sellers(database.within(handle), actor).require(seller);
          BankAccount account = new BankAccount(plain, seller, known(currency));
          if (!StatementRows.insert(handle, account, actor)) {
            throw RequestRefusedException.conflict("iban", "the account is there already");
          }
          AuditLog.write(
              handle, actor, "bank_account.add", plain, null, Map.of("sellerId", seller));
          return account;
        });
  }

  private static String known(String currency) {
    try {
      return Money.zero(currency).currency();
    } catch (RatingInputException refused) {
      throw RequestRefusedException.invalid("currency", refused.expectation());
    }
  }

  List<BankAccount> accounts(String after, int most) {
    return database.read(handle -> StatementRows.accounts(handle, after, most));
  }

  /** Takes a file in: all of it, or nothing when a line cannot be read. */
  Imported importFile(String iban, StatementFormat format, String content) {
    String plain = Iban.parse("iban", iban).text();
    BankStatement statement =
        format == StatementFormat.CSV
            ? StatementCsv.read(plain, content)
            : CamtReader.read(content);
    if (!statement.iban().equals(plain)) {
      throw RequestRefusedException.invalid(
          "content", "a statement of " + plain + "; it is one of " + statement.iban());
    }
    return database.inTransaction(handle -> importAll(handle, statement, format, content));
  }

  private Imported importAll(
      Handle handle, BankStatement statement, StatementFormat format, String content) {
    BankAccount account =
        StatementRows.account(handle, statement.iban())
            .orElseThrow(
                () ->
                    RequestRefusedException.notFound(
                        "iban",
                        "there is no account " + statement.iban() + "; add it to its seller"));
    Imported done = new Imported(0, 0, 0, 0);
    Optional<Long> id =
        StatementRows.insert(handle, account.iban(), sha256(content), format.text(), actor);
    if (id.isEmpty()) {
      return new Imported(0, 0, 0, statement.transfers().size());
    }
    for (BankTransfer each : statement.transfers()) {
      done = done.plus(take(handle, id.get(), account, each));
    }
    AuditLog.write(
        handle,
        actor,
        "bank_statement.import",
        account.iban(),
        null,
        Map.of("matched", done.matched(), "unmatched", done.unmatched(), "known", done.known()));
    return done;
  }

  private String take(Handle handle, long file, BankAccount account, BankTransfer transfer) {
    if (StatementRows.has(handle, account.iban(), transfer.bankRef())) {
      return "known";
    }
    String state;
    @Nullable String reason = null;
    @Nullable String payment = null;
    Match match = TransferMatch.of(handle, account, transfer);
    if (match instanceof Match.For found) {
      state = "matched";
      payment = record(handle, transfer, found.customer(), found.numbers()).id();
    } else if (match instanceof Match.Unknown unknown) {
      state = "unmatched";
      reason = unknown.reason();
    } else {
      state = "ignored";
      reason = ((Match.None) match).reason();
    }
    StatementRows.insert(handle, file, account.iban(), transfer, state, reason, payment);
    return state;
  }

  private Payment record(
      Handle handle, BankTransfer transfer, String customer, List<String> numbers) {
    return new Payments(database.within(handle), actor)
        .record(
            handle,
            new NewPayment(
                customer,
                amount(transfer),
                PaymentMethod.BANK,
                transfer.bookedOn(),
                transfer.bankRef(),
                numbers));
  }

  private static Money amount(BankTransfer transfer) {
    try {
      return Money.of(transfer.currency(), transfer.amount());
    } catch (RatingInputException refused) {
      throw BankStatement.wrong(
          "amount of " + transfer.bookedOn() + " (" + transfer.amount() + ")",
          refused.expectation());
    }
  }

  List<BankLine> lines(@Nullable String state, long after, int most) {
    return database.read(handle -> StatementRows.page(handle, state, after, most));
  }

  /** A person says whose an unmatched line is. */
  BankLine assign(long line, String customer, List<String> numbers) {
    return settle(
        line,
        "bank_line.assign",
        (handle, each) -> {
          Payment payment = record(handle, each.transfer(), customer, numbers);
          StatementRows.settle(handle, line, "matched", null, payment.id());
        });
  }

  /** A person says that an unmatched line is no payment of a customer. */
  BankLine ignore(long line, String reason) {
    Payments.requireText("reason", reason);
    return settle(
        line,
        "bank_line.ignore",
        (handle, each) -> StatementRows.settle(handle, line, "ignored", reason, null));
  }

  /** An act on a line. */
  @FunctionalInterface
  private interface Settle {
    void settle(Handle handle, BankLine line);
  }

  private BankLine settle(long line, String action, Settle settle) {
    return database.inTransaction(
        handle -> {
          BankLine found = require(handle, line);
          if (!found.state().equals("unmatched")) {
            throw RequestRefusedException.conflict(
                "lineId", "the line is " + found.state() + " already");
          }
          settle.settle(handle, found);
          AuditLog.write(handle, actor, action, Long.toString(line), null, Map.of());
          return require(handle, line);
        });
  }

  private static BankLine require(Handle handle, long line) {
    return StatementRows.lock(handle, line)
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "lineId", "there is no line " + line + " of a statement"));
  }

  private static String sha256(String content) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256 is in each JDK", missing);
    }
  }
}
