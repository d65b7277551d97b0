package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.MoneyCredits;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.payments.Posting.Lines;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Whose money goes back when a payment does: that of invoices, of credit, or a claim. */
final class GiveBack {
  private final Database database;
  private final Handle handle;
  private final Actor actor;
  private final InvoiceLink link;

  GiveBack(Database database, Handle handle, Actor actor) {
    this.database = database.within(handle);
    this.handle = handle;
    this.actor = actor;
    this.link = new InvoiceLink(database, handle, actor);
  }

  /**
   * Adds the lines of money that goes back, and opens invoices again.
   *
   * @param creditFirst how much of it is taken of credit before invoices are opened, at most
   * @param ofNote credit of a credit note that was issued for it: the books may not have it yet
   * @param isDone whether the money is gone, whatever the customer has used: the rest is a claim
   */
  void of(
      Payment payment, Money amount, Money creditFirst, Money ofNote, boolean isDone, Lines lines) {
    Map<String, Money> settled = settled(payment);
    Money kept = kept(payment.customer(), ofNote);
    Money paid = settled.values().stream().reduce(Money.zero(amount.currency()), Money::plus);
    Money first = creditFirst.min(amount).min(kept);
    Money opened = amount.minus(first).min(paid);
    Money rest = amount.minus(first).minus(opened);
    if (rest.signum() > 0 && !isDone) {
      throw RequestRefusedException.conflict(
          "amount",
          "at most " + first.plus(paid) + " can be given back: the rest paid other invoices");
    }
    Money more = rest.min(kept.minus(first));
    Money credit = first.plus(more);
    lines.add(MoneyAccount.CREDIT, credit).add(MoneyAccount.CLAIM, rest.minus(more));
    link.takeBack(payment.customer(), credit, payment.id());
    open(payment, settled, opened, lines);
  }

  /** The last one first. */
  private void open(Payment payment, Map<String, Money> settled, Money amount, Lines lines) {
    List<String> numbers = new ArrayList<>(settled.keySet());
    Collections.reverse(numbers);
    Money left = amount;
    for (String number : numbers) {
      Money opened = left.min(settled.getOrDefault(number, left));
      lines.add(MoneyAccount.RECEIVABLE, number, opened);
      link.open(number, opened, payment.id());
      left = left.minus(opened);
    }
  }

  /** Of invoices that can be open again. */
  private Map<String, Money> settled(Payment payment) {
    Map<String, Money> settled = new LinkedHashMap<>(payment.settled());
    settled.keySet().removeIf(link::isVoid);
    return settled;
  }

  /** In the books, as far as no person has withdrawn the credit. */
  private Money kept(String customer, Money ofNote) {
    String currency = ofNote.currency();
    Money credit = new MoneyCredits(database, actor).left(customer, currency);
    Money booked = Payments.kept(handle, customer, currency).plus(ofNote).min(credit);
    // An earlier credit note that is not booked yet takes nothing from this one.
    return booked.max(ofNote.min(credit));
  }

  /** Says when the invoices are due that are open again. */
  void due(Payment payment, boolean isReturn) {
    LocalDate today = new PastDue(database, actor).today(payment.customer());
    // What a refund opens is due after a term: the day of long ago would block the keys.
    LocalDate due = today.plusDays(Receivables.TERM_DAYS);
    for (String number : payment.settled().keySet()) {
      if (!isReturn) {
        ReceivableRows.dueAgain(handle, number, due);
        link.inTime(number);
      } else if (ReceivableRows.find(handle, number)
          .filter(each -> each.open().signum() > 0 && today.isAfter(each.dueOn()))
          .isPresent()) {
        link.pastDue(number);
      }
    }
  }
}
