package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.credits.Credits.CreditSource;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Together;
import io.billingsdk.server.invoices.Bill.BillSums;
import io.billingsdk.server.invoices.InvoiceRows.Stamp;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How much of each invoice is open, and the state that follows. Payments call it in their
 * transactions. Each change of a state is an event of the outbox. Thread-safe.
 */
public final class InvoiceStates {
  /** Events that say so. Their subject is {@code customer/ID}. */
  public static final String CHANGED = "invoice.state_changed";

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public InvoiceStates(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** How far an invoice is. */
  public enum InvoiceState {
    /** Nothing of it is paid. */
    ISSUED,
    /** A part of it is paid. */
    PARTLY_PAID,
    /** Nothing of it is open. */
    PAID,
    /** Something is open, and its time is over. */
    PAST_DUE,
    /** Something is open, and nobody expects it. */
    UNCOLLECTIBLE,
    /** A void document says that nothing of it is owed. */
    VOID;

    /** As it is written: {@code partly_paid}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How an invoice stands. Immutable.
   *
   * @param owed the amount that was due when it was issued
   * @param paid by payments, less those that were returned
   * @param credited by credit notes and void documents, as far as it was open
   * @param open owed, less paid and credited; never below 0
   */
  public record Balance(
      String number,
      String customer,
      InvoiceState state,
      Money owed,
      Money paid,
      Money credited,
      Money open) {
    private Balance with(InvoiceState other, Money paidNow, Money creditedNow) {
      Money openNow = owed.minus(paidNow).minus(creditedNow);
      return new Balance(number, customer, other, owed, paidNow, creditedNow, openNow);
    }
  }

  /** How an invoice stands. */
  public Balance of(String number) {
    return database
        .read(handle -> InvoiceStateRows.find(handle, number))
        .orElseThrow(() -> Invoices.none(number));
  }

  /** How an invoice stands; empty when there is none of the number. */
  public Optional<Balance> find(String number) {
    return database.read(handle -> InvoiceStateRows.find(handle, number));
  }

  /**
   * Books a payment. More than is open becomes account credit of the customer. Call it once for
   * each payment, in the transaction that notes the payment.
   *
   * @param reference the payment
   */
  public Balance pay(String number, Money amount, String reference) {
    requirePositive(amount);
    return change(
        number,
        (handle, before) -> {
          Money part = same(before, amount).min(before.open());
          keep(handle, before, CreditSource.OVER_PAYMENT, amount.minus(part), reference);
          return settled(before, before.paid().plus(part), before.credited());
        },
        reference);
  }

  /**
   * Books that a payment went back, or a part of it: so much is open again. Of a void invoice
   * nothing is: the caller takes back the account credit that the payment was.
   *
   * @param reference the payment
   */
  public Balance returnPayment(String number, Money amount, String reference) {
    requirePositive(amount);
    return change(
        number,
        (handle, before) -> {
          if (same(before, amount).compareTo(before.paid()) > 0) {
            throw RequestRefusedException.invalid(
                "amount", "at most " + before.paid() + ", which is paid of " + number);
          }
          Money credited =
              before.state() == InvoiceState.VOID
                  ? before.credited().plus(amount)
                  : before.credited();
          return settled(before, before.paid().minus(amount), credited);
        },
        reference);
  }

  /** Marks an invoice whose time to pay is over. */
  public Balance pastDue(String number) {
    return mark(number, InvoiceState.PAST_DUE, "its time is over");
  }

  /** Marks an invoice that has more time to be paid, after its time was over. */
  public Balance inTime(String number) {
    return change(
        number,
        (handle, before) -> {
          if (before.state() != InvoiceState.PAST_DUE) {
            throw RequestRefusedException.conflict(
                "number", "the invoice " + number + " is not past due");
          }
          boolean isPartly = before.paid().signum() > 0;
          InvoiceState state = isPartly ? InvoiceState.PARTLY_PAID : InvoiceState.ISSUED;
          return before.with(state, before.paid(), before.credited());
        },
        "it has more time");
  }

  /** Marks an invoice that nobody expects to be paid. A payment is still booked. */
  public Balance uncollectible(String number, String reason) {
    return mark(number, InvoiceState.UNCOLLECTIBLE, reason);
  }

  private Balance mark(String number, InvoiceState state, String reason) {
    return change(
        number,
        (handle, before) -> {
          if (before.open().signum() == 0) {
            throw RequestRefusedException.conflict(
                "number", "nothing of the invoice " + number + " is open");
          }
          return before.with(state, before.paid(), before.credited());
        },
        reason);
  }

  /** The first state of an invoice, in the transaction that issues it. */
  static void begin(Together changes, Stamp stamp, BillSums sums) {
    Money zero = sums.due().minus(sums.due());
    InvoiceState state = sums.due().signum() == 0 ? InvoiceState.PAID : InvoiceState.ISSUED;
    Balance first =
        new Balance(
            stamp.place().text(), stamp.customer(), state, sums.due(), zero, zero, sums.due());
    InvoiceStateRows.add(changes, first);
  }

  /**
   * Books a credit note: first against what is open, and the rest is account credit.
   *
   * @param total of the note, with tax
   */
  void credit(String number, Money total, String note) {
    var unused =
        change(
            number,
            (handle, before) -> {
              Money part = total.min(before.open());
              keep(handle, before, CreditSource.CREDIT_NOTE, total.minus(part), note);
              return settled(before, before.paid(), before.credited().plus(part));
            },
            note);
  }

  /**
   * Books a void document. Credits that the invoice used are given back to where they were, and
   * payments are account credit.
   *
   * @param total of the document, with tax
   * @param isWhole whether no credit note came before it
   */
  void cancel(String number, Money total, String document, boolean isWhole) {
    var unused =
        change(
            number,
            (handle, before) -> {
              Money rest = total.minus(total.min(before.open()));
              if (isWhole) {
                new Credits(database.within(handle), actor)
                    .giveBack(before.customer(), total.currency(), number, document);
                rest = before.paid();
              }
              keep(handle, before, CreditSource.VOID, rest, document);
              return before.with(
                  InvoiceState.VOID, before.paid(), before.credited().plus(before.open()));
            },
            document);
  }

  private static Balance settled(Balance before, Money paid, Money credited) {
    Balance after = before.with(before.state(), paid, credited);
    return after.with(next(before.state(), after), paid, credited);
  }

  private static InvoiceState next(InvoiceState before, Balance after) {
    if (before == InvoiceState.VOID) {
      return before;
    }
    if (after.open().signum() == 0) {
      return InvoiceState.PAID;
    }
    if (before == InvoiceState.PAST_DUE || before == InvoiceState.UNCOLLECTIBLE) {
      return before;
    }
    return after.paid().signum() > 0 ? InvoiceState.PARTLY_PAID : InvoiceState.ISSUED;
  }

  private interface Step {
    Balance after(Handle handle, Balance before);
  }

  private Balance change(String number, Step step, String reason) {
    return database.inTransaction(
        handle -> {
          Credits.lock(handle, of(handle, number).customer());
          Balance before = of(handle, number);
          Balance after = step.after(handle, before);
          InvoiceStateRows.change(handle, after);
          tell(handle, before, after, reason);
          return after;
        });
  }

  private static Balance of(Handle handle, String number) {
    return InvoiceStateRows.find(handle, number).orElseThrow(() -> Invoices.none(number));
  }

  private void keep(
      Handle handle, Balance of, CreditSource source, Money amount, String reference) {
    if (amount.signum() > 0) {
      var unused =
          new Credits(database.within(handle), actor)
              .add(
                  new NewCredit(
                      of.customer(),
                      CreditKind.ACCOUNT,
                      source,
                      amount,
                      Credits.PRIORITY,
                      null,
                      reference,
                      "more than was open of " + of.number()));
    }
  }

  private void tell(Handle handle, Balance before, Balance after, String reason) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("number", after.number());
    shown.put("customerId", after.customer());
    shown.put("state", after.state().text());
    shown.put("before", before.state().text());
    shown.put("currency", after.owed().currency());
    shown.put("open", DetailJson.amount(after.open()));
    shown.put("reason", reason);
    AuditLog.write(handle, actor, "invoice.settle", after.number(), null, shown);
    if (before.state() != after.state()) {
      Outbox.add(
          handle, DomainEvent.of(CHANGED, "customer/" + after.customer(), shown, actor.name()));
    }
  }

  private static void requirePositive(Money amount) {
    if (amount.signum() <= 0) {
      throw RequestRefusedException.invalid("amount", "above 0");
    }
  }

  private static Money same(Balance balance, Money amount) {
    try {
      return amount.plus(balance.owed().minus(balance.owed()));
    } catch (RatingInputException other) {
      throw RequestRefusedException.invalid(
          "currency", balance.owed().currency() + ", the currency of " + balance.number());
    }
  }
}
