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
  private static final String NOT_YET = "nobody has looked at it yet";
  private static final String WAITING = "waiting";
  private static final int REASON_CHARS = 256;

  private final Database database;
  private final Actor actor;

  Statements(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * What an import did.
   *
   * @param taken new lines; each is looked at within seconds, in a transaction of its own
   * @param known lines that were there, of this file or of another one
   */
  record Imported(int taken, int known) {}

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
    statement.transfers().forEach(Statements::amount);
    return database.inTransaction(handle -> importAll(handle, statement, format, content));
  }

  private Imported importAll(
      Handle handle, BankStatement statement, StatementFormat format, String content) {
    BankAccount account = account(handle, statement.iban());
    long file = StatementRows.insert(handle, account.iban(), sha256(content), format.text(), actor);
    int taken = 0;
    for (BankTransfer each : statement.transfers()) {
      taken += StatementRows.insert(handle, file, account.iban(), each, NOT_YET) ? 1 : 0;
    }
    Imported done = new Imported(taken, statement.transfers().size() - taken);
    AuditLog.write(
        handle,
        actor,
        "bank_statement.import",
        account.iban(),
        null,
        Map.of("taken", done.taken(), "known", done.known()));
    return done;
  }

  /** One that was added, or to which a seller has its customers pay. */
  private BankAccount account(Handle handle, String iban) {
    return StatementRows.account(handle, iban)
        .or(() -> ofSettings(handle, iban))
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "iban", "there is no account " + iban + "; add it to its seller"));
  }

  private Optional<BankAccount> ofSettings(Handle handle, String iban) {
    Database here = database.within(handle);
    List<String> sellers =
        new BillingSettingsBook(here, actor).sellersPaidTo(Iban.parse("iban", iban));
    if (sellers.size() != 1) {
      return Optional.empty();
    }
    String currency = new Sellers(here, actor).require(sellers.get(0)).currency();
    BankAccount account = new BankAccount(iban, sellers.get(0), currency);
    StatementRows.insert(handle, account, actor);
    return Optional.of(account);
  }

  /** Looks at a line: alone with it and with the customer whose it is. */
  void look(long line) {
    database.useTransaction(
        handle ->
            StatementRows.lock(handle, line)
                .filter(each -> each.state().equals(WAITING))
                .ifPresent(each -> look(handle, each)));
  }

  private void look(Handle handle, BankLine line) {
    BankAccount account = StatementRows.account(handle, line.iban()).orElseThrow();
    Match match = TransferMatch.of(handle, account, line.transfer());
    if (match instanceof Match.For found) {
      Payment payment = record(handle, line.transfer(), found.customer(), found.numbers());
      StatementRows.settle(handle, line.id(), "matched", null, payment.id());
    } else if (match instanceof Match.Back back) {
      String reason = "taken back by the bank: " + line.transfer().bankRef();
      new Payments(database.within(handle), actor)
          .refund(back.payment(), amount(line.transfer()).negated(), shortened(reason), true);
      StatementRows.settle(handle, line.id(), "matched", null, back.payment());
    } else if (match instanceof Match.Unknown unknown) {
      StatementRows.settle(handle, line.id(), "unmatched", unknown.reason(), null);
    } else {
      String reason = ((Match.None) match).reason();
      StatementRows.settle(handle, line.id(), "ignored", reason, null);
    }
  }

  /** Of a line that cannot be looked at: a person has to. */
  void fail(long line, String reason) {
    database.useTransaction(
        handle ->
            StatementRows.lock(handle, line)
                .filter(each -> each.state().equals(WAITING))
                .ifPresent(
                    each ->
                        StatementRows.settle(handle, line, "unmatched", shortened(reason), null)));
  }

  private static String shortened(String reason) {
    return reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS);
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
