package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.credits.Credits.CreditSource;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.credits.MoneyCredits;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.InvoiceStates;
import io.billingsdk.server.invoices.InvoiceStates.Balance;
import io.billingsdk.server.invoices.InvoiceStates.InvoiceState;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Keeps the states of invoices and the credit of customers in step with the books, in one
 * transaction. A document that the books alone know has no state.
 */
final class InvoiceLink {
  private final Database database;
  private final Actor actor;
  private final InvoiceStates states;

  InvoiceLink(Database database, Handle handle, Actor actor) {
    this.database = database.within(handle);
    this.actor = actor;
    this.states = new InvoiceStates(this.database, actor);
  }

  /**
   * Pays a part of an invoice.
   *
   * @return how much it took: a credit note that the books do not have yet may have lowered it
   */
  Money pay(String number, Money part, String payment) {
    Optional<Balance> balance = states.find(number);
    if (balance.isEmpty()) {
      return part;
    }
    Money taken = part.min(balance.get().open());
    if (taken.signum() > 0) {
      var unused = states.pay(number, taken, payment);
    }
    return taken;
  }

  /** Opens a part of an invoice again that a payment had paid. */
  void open(String number, Money amount, String payment) {
    if (amount.signum() > 0 && states.find(number).isPresent()) {
      var unused = states.returnPayment(number, amount, payment);
    }
  }

  /** Nothing of a void invoice is ever owed again: the amount is credit. */
  boolean isVoid(String number) {
    return is(number, InvoiceState.VOID);
  }

  boolean isUncollectible(String number) {
    return is(number, InvoiceState.UNCOLLECTIBLE);
  }

  private boolean is(String number, InvoiceState state) {
    return states.find(number).filter(each -> each.state() == state).isPresent();
  }

  void uncollectible(String number, String reason) {
    if (isOpen(number) && !isUncollectible(number)) {
      var unused = states.uncollectible(number, reason);
    }
  }

  void pastDue(String number) {
    if (isOpen(number) && !isUncollectible(number) && !is(number, InvoiceState.PAST_DUE)) {
      var unused = states.pastDue(number);
    }
  }

  /** It has another day on which it is due. */
  void inTime(String number) {
    if (is(number, InvoiceState.PAST_DUE)) {
      var unused = states.inTime(number);
    }
  }

  private boolean isOpen(String number) {
    return states.find(number).filter(each -> each.open().signum() > 0).isPresent();
  }

  /** Money above the owed amount is credit, which the next invoice uses. */
  void keep(String customer, Money amount, String payment) {
    if (amount.signum() > 0) {
      var unused =
          new Credits(database, actor)
              .add(
                  new NewCredit(
                      customer,
                      CreditKind.ACCOUNT,
                      CreditSource.OVER_PAYMENT,
                      amount,
                      Credits.PRIORITY,
                      null,
                      payment,
                      "more than was owed"));
    }
  }

  /** Credit whose money goes back is no credit any longer. */
  void takeBack(String customer, Money amount, String payment) {
    if (amount.signum() > 0) {
      new MoneyCredits(database, actor).takeBack(customer, amount, payment);
    }
  }
}
