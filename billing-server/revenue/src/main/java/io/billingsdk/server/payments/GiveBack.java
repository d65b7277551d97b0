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
   * @param isReturn whether somebody took it: then it is gone, whatever the customer has used
   */
  void of(Payment payment, Money amount, boolean isReturn, Lines lines) {
    Map<String, Money> settled = settled(payment);
    Money kept = kept(payment.customer(), amount.currency());
    Money paid = settled.values().stream().reduce(Money.zero(amount.currency()), Money::plus);
    // A payment that is taken back opens what it has paid; a refund takes what is kept first.
    Money ofCredit = isReturn ? amount.minus(amount.min(paid)) : amount.min(kept);
    Money claimed = ofCredit.minus(ofCredit.min(kept));
    ofCredit = ofCredit.minus(claimed);
    if (amount.minus(ofCredit).minus(claimed).compareTo(paid) > 0) {
      throw RequestRefusedException.conflict(
          "amount",
          "at most " + ofCredit.plus(paid) + " can be given back: the rest paid other invoices");
    }
    lines.add(MoneyAccount.CREDIT, ofCredit).add(MoneyAccount.CLAIM, claimed);
    link.takeBack(payment.customer(), ofCredit, payment.id());
    open(payment, settled, amount.minus(ofCredit).minus(claimed), lines);
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
  private Money kept(String customer, String currency) {
    Money credit = new MoneyCredits(database, actor).left(customer, currency);
    return Payments.kept(handle, customer, currency).min(credit);
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
