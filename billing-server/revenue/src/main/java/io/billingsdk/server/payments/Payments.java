package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.payments.Payment.NewPayment;
import io.billingsdk.server.payments.Posting.Lines;
import io.billingsdk.server.payments.Posting.PostingKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Records what customers pay and what they get back. Each act is one transaction with its posting,
 * its event and its entry of the audit log; nothing is half done. Thread-safe.
 */
public final class Payments {
  /** Events that say so. Their subject is {@code customer/ID}. */
  static final String RECEIVED = "payment.received";

  static final String REFUNDED = "payment.refunded";

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who records
   */
  public Payments(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * Records money that came. It pays the invoices that it is for, otherwise those that are due
   * first; the rest is kept for the customer.
   */
  Payment record(NewPayment wanted) {
    return database.inTransaction(handle -> record(handle, wanted));
  }

  Payment record(Handle handle, NewPayment wanted) {
    requirePositive(wanted.amount());
    PostingRows.lock(handle, wanted.customer());
    requireCustomer(handle, wanted);
    String id = "pay_" + UUID.randomUUID().toString().replace("-", "");
    PaymentRows.insert(handle, id, wanted, actor);
    Lines lines = new Lines().add(wanted.method().cash(), wanted.amount());
    Money left = wanted.amount();
    InvoiceLink link = new InvoiceLink(database, handle, actor);
    for (Receivable each : invoices(handle, wanted)) {
      Money beyond = left.minus(left.min(each.open()));
      Money asked = left.min(each.open().plus(recovered(handle, each, beyond)));
      Money paid = link.pay(each.number(), asked, id);
      lines.add(MoneyAccount.RECEIVABLE, each.number(), paid.negated());
      left = left.minus(paid);
    }
    Money claimed = left.min(claim(handle, wanted.customer(), left.currency()));
    Money over = left.minus(claimed);
    lines.add(MoneyAccount.CLAIM, claimed.negated()).add(MoneyAccount.CREDIT, over.negated());
    link.keep(wanted.customer(), over, id);
    PostingRows.add(
        handle,
        new Posting(PostingKind.PAYMENT, wanted.customer(), null, id, lines.all()),
        /* reason= */ null,
        actor);
    Payment payment = require(handle, id);
    tell(handle, RECEIVED, payment, shown(payment, wanted.amount()));
    new PastDue(database.within(handle), actor).paid(handle, wanted.customer());
    return payment;
  }

  /**
   * Money came for an invoice that was given up: so much of it is owed after all.
   *
   * @param most the money, beyond what is open without it
   * @return how much is open again
   */
  Money recovered(Handle handle, Receivable owed, Money most) {
    Money given = PostingRows.writtenOff(handle, owed.number(), most.currency());
    Money back = most.min(given);
    if (back.signum() > 0) {
      Lines lines =
          new Lines()
              .add(MoneyAccount.RECEIVABLE, owed.number(), back)
              .add(MoneyAccount.WRITE_OFF, back.negated());
      PostingRows.add(
          handle,
          new Posting(PostingKind.WRITE_OFF, owed.customer(), owed.number(), null, lines.all()),
          "it is paid after all",
          actor);
      if (back.equals(given)) {
        ReceivableRows.writtenOff(handle, owed.number(), false);
      }
    }
    return back;
  }

  /**
   * Gives money of a payment back: first what is kept for the customer; the rest opens the invoices
   * again that it has paid, the last one first.
   *
   * @param isReturn whether the bank or the payer took it back, so that no credit is touched
   * @throws RequestRefusedException when it is more than what is left of the payment
   */
  Payment refund(String id, Money amount, String reason, boolean isReturn) {
    requirePositive(amount);
    requireText("reason", reason);
    return database.inTransaction(
        handle -> {
          String customer = require(handle, id).customer();
          PostingRows.lock(handle, customer);
          Payment payment = require(handle, id);
          if (payment.method().isOfProvider()) {
            throw RequestRefusedException.conflict(
                "paymentId",
                "the payment came through "
                    + payment.method().text()
                    + "; refund it there, with: billing refunds create");
          }
          requireLeft(payment, amount);
          Lines lines = new Lines().add(MoneyAccount.CASH, amount.negated());
          // A payment that is taken back opens what it has paid; a refund takes what is kept first.
          Money none = Money.zero(amount.currency());
          Money first = isReturn ? none : amount;
          new GiveBack(database, handle, actor).of(payment, amount, first, none, isReturn, lines);
          PostingKind kind = isReturn ? PostingKind.RETURN : PostingKind.REFUND;
          PostingRows.add(
              handle, new Posting(kind, customer, null, id, lines.all()), reason, actor);
          new GiveBack(database, handle, actor).due(payment, isReturn);
          Payment after = require(handle, id);
          tell(handle, REFUNDED, after, shown(after, amount));
          return after;
        });
  }

  /** Gives an invoice up: nobody will pay the open rest. */
  Receivable writeOff(String number, String reason) {
    requireText("reason", reason);
    return database.inTransaction(
        handle -> {
          PostingRows.lock(handle, receivable(handle, number).customer());
          Receivable owed = receivable(handle, number);
          if (owed.open().signum() == 0) {
            throw RequestRefusedException.conflict(
                "number", "nothing of the invoice " + number + " is open");
          }
          Lines lines =
              new Lines()
                  .add(MoneyAccount.RECEIVABLE, number, owed.open().negated())
                  .add(MoneyAccount.WRITE_OFF, owed.open());
          PostingRows.add(
              handle,
              new Posting(PostingKind.WRITE_OFF, owed.customer(), number, null, lines.all()),
              reason,
              actor);
          ReceivableRows.writtenOff(handle, number, true);
          new InvoiceLink(database, handle, actor).uncollectible(number, reason);
          Map<String, String> shown = Map.of("amount", owed.open().toString(), "reason", reason);
          AuditLog.write(handle, actor, "receivable.write_off", number, null, shown);
          new PastDue(database.within(handle), actor).paid(handle, owed.customer());
          return receivable(handle, number);
        });
  }

  /** What a customer owes, of all invoices together. */
  public Money owed(String customer) {
    return balance(customer).owed();
  }

  /** What a customer owes, and what is kept for it. */
  CustomerBalance balance(String customer) {
    return database.read(
        handle -> {
          String currency =
              new Customers(database.within(handle), actor).require(customer).currency();
          Money owed =
              PostingRows.balance(handle, customer, currency, MoneyAccount.RECEIVABLE)
                  .plus(claim(handle, customer, currency));
          return new CustomerBalance(customer, owed, kept(handle, customer, currency));
        });
  }

  /**
   * What a customer owes, and what is kept for it.
   *
   * @param owed of all invoices together, and money that was taken back after its use
   * @param kept paid too much, or given back
   */
  record CustomerBalance(String customer, Money owed, Money kept) {}

  Payment require(String id) {
    return database.read(handle -> require(handle, id));
  }

  List<Payment> page(@Nullable String customer, long below, int most) {
    return database.read(handle -> PaymentRows.page(handle, customer, below, most));
  }

  List<Receivable> receivables(
      @Nullable String customer, boolean onlyOpen, String after, int most) {
    return database.read(handle -> ReceivableRows.page(handle, customer, onlyOpen, after, most));
  }

  static Payment require(Handle handle, String id) {
    return PaymentRows.find(handle, id)
        .orElseThrow(
            () -> RequestRefusedException.notFound("paymentId", "there is no payment " + id));
  }

  private static Receivable receivable(Handle handle, String number) {
    return ReceivableRows.find(handle, number)
        .orElseThrow(
            () -> RequestRefusedException.notFound("number", "nothing is owed for " + number));
  }

  static Money kept(Handle handle, String customer, String currency) {
    return PostingRows.balance(handle, customer, currency, MoneyAccount.CREDIT).negated();
  }

  static Money claim(Handle handle, String customer, String currency) {
    return PostingRows.balance(handle, customer, currency, MoneyAccount.CLAIM);
  }

  private static List<Receivable> invoices(Handle handle, NewPayment wanted) {
    if (wanted.numbers().isEmpty()) {
      return ReceivableRows.open(handle, wanted.customer());
    }
    List<Receivable> named = new ArrayList<>();
    for (String number : wanted.numbers()) {
      Receivable each = receivable(handle, number);
      if (!each.customer().equals(wanted.customer())) {
        throw RequestRefusedException.conflict(
            "numbers", number + " is no invoice of the customer " + wanted.customer());
      }
      if (!named.contains(each)) {
        named.add(each);
      }
    }
    return named;
  }

  private void requireCustomer(Handle handle, NewPayment wanted) {
    String currency =
        new Customers(database.within(handle), actor).require(wanted.customer()).currency();
    if (!currency.equals(wanted.amount().currency())) {
      throw RequestRefusedException.invalid(
          "currency", currency + ", in which the customer " + wanted.customer() + " pays");
    }
  }

  private static void requireLeft(Payment payment, Money amount) {
    if (!payment.amount().currency().equals(amount.currency())) {
      throw RequestRefusedException.invalid(
          "currency", payment.amount().currency() + ", in which it was paid");
    }
    if (amount.compareTo(payment.left()) > 0) {
      throw RequestRefusedException.conflict(
          "amount", "at most " + payment.left() + ", which is left of the payment");
    }
  }

  private static void requirePositive(Money amount) {
    if (amount.signum() <= 0) {
      throw RequestRefusedException.invalid("amount", "above 0");
    }
  }

  static void requireText(String field, String text) {
    if (text.isBlank() || text.length() > 256) {
      throw RequestRefusedException.invalid(field, "a text of 1 to 256 characters");
    }
  }

  static Map<String, @Nullable Object> shown(Payment payment, Money amount) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("paymentId", payment.id());
    shown.put("customerId", payment.customer());
    shown.put("currency", amount.currency());
    shown.put("amount", amount.amount().toPlainString());
    shown.put("method", payment.method().text());
    shown.put("numbers", List.copyOf(payment.settled().keySet()));
    return shown;
  }

  void tell(Handle handle, String kind, Payment payment, Map<String, @Nullable Object> shown) {
    AuditLog.write(handle, actor, kind, payment.id(), null, shown);
    Outbox.add(handle, DomainEvent.of(kind, "customer/" + payment.customer(), shown, actor.name()));
  }
}
