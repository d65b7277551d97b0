package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.credits.Credits.CreditSource;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.credits.MoneyCredits;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.payments.Payment.NewPayment;
import io.billingsdk.server.payments.Payment.PaymentMethod;
import io.billingsdk.server.payments.Posting.Lines;
import io.billingsdk.server.payments.Posting.PostingKind;
import io.billingsdk.server.payments.ProviderMoney.MoneyBack;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Books what payment providers have moved, in the transaction of the caller. Each move is booked
 * once, by the reference of the provider. Nothing is refused here that has happened there: what no
 * invoice and no credit can bear is a debt of the customer. Thread-safe.
 */
public final class ProviderBooks {
  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who moved the money
   */
  public ProviderBooks(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** Lets this transaction alone move money of a customer. */
  public static void lock(Handle handle, String customer) {
    PostingRows.lock(handle, customer);
  }

  /** The open part of an invoice; empty when the books do not know it. */
  public static Optional<OwedInvoice> owed(Handle handle, String number) {
    return ReceivableRows.find(handle, number)
        .map(each -> new OwedInvoice(each.number(), each.customer(), each.open()));
  }

  /**
   * An invoice and what is open of it.
   *
   * @param open 0 when it is paid
   */
  public record OwedInvoice(String number, String customer, Money open) {}

  /**
   * A payment through a provider.
   *
   * @param reference by which the provider knows it
   */
  public record BookedPayment(String id, String customer, String provider, String reference) {}

  /** The payment that a provider knows by a reference; empty when it is not in the books. */
  public static Optional<BookedPayment> booked(Handle handle, String provider, String reference) {
    return ProviderBookingRows.booked(handle, provider, reference);
  }

  /** A payment, if it came through a provider. */
  public static Optional<BookedPayment> ofPayment(Handle handle, String paymentId) {
    return ProviderBookingRows.ofPayment(handle, paymentId);
  }

  /** Open invoices of customers, in the order of their numbers. */
  public static List<OwedInvoice> open(Handle handle, List<String> customers) {
    return ReceivableRows.ofCustomers(handle, customers).stream()
        .map(each -> new OwedInvoice(each.number(), each.customer(), each.open()))
        .toList();
  }

  /** Books a payment; the same one again changes nothing. Returns the id of the payment. */
  public String received(Handle handle, ProviderMoney money) {
    lock(handle, money.customer());
    Optional<String> before =
        ProviderBookingRows.payment(handle, money.provider(), money.reference(), "payment");
    if (before.isPresent()) {
      return before.get();
    }
    Payments payments = new Payments(database.within(handle), actor);
    NewPayment wanted =
        new NewPayment(
            money.customer(),
            money.amount(),
            PaymentMethod.of(money.provider()),
            money.on(),
            money.reference(),
            money.number() == null ? List.of() : List.of(money.number()));
    String id =
        money.number() == null
            ? topUp(handle, wanted, payments)
            : payments.record(handle, wanted).id();
    ProviderBookingRows.insert(handle, money.provider(), money.reference(), "payment", id);
    fee(handle, id, money);
    return id;
  }

  private String topUp(Handle handle, NewPayment wanted, Payments payments) {
    String id = "pay_" + UUID.randomUUID().toString().replace("-", "");
    PaymentRows.insert(handle, id, wanted, actor);
    Lines lines =
        new Lines()
            .add(wanted.method().cash(), wanted.amount())
            .add(MoneyAccount.PREPAID, wanted.amount().negated());
    post(handle, PostingKind.TOP_UP, wanted.customer(), id, lines, /* reason= */ null);
    NewCredit credit =
        new NewCredit(
            wanted.customer(),
            CreditKind.PREPAID,
            CreditSource.TOP_UP,
            wanted.amount(),
            Credits.PRIORITY,
            /* expiresAt= */ null,
            id,
            "top-up");
    UUID unused = new Credits(database.within(handle), actor).add(credit);
    Payment payment = Payments.require(handle, id);
    payments.tell(handle, Payments.RECEIVED, payment, Payments.shown(payment, wanted.amount()));
    return id;
  }

  /** The costs are no part of the payment: all of it can be given back. */
  private void fee(Handle handle, String id, ProviderMoney money) {
    Money fee = money.fee();
    if (fee != null && fee.signum() != 0 && fee.currency().equals(money.amount().currency())) {
      MoneyAccount cash = PaymentMethod.of(money.provider()).cash();
      Lines lines = new Lines().add(MoneyAccount.FEE, fee).add(cash, fee.negated());
      post(handle, PostingKind.FEE, money.customer(), null, lines, "costs of " + id);
    }
  }

  /**
   * Books what was given or taken back of a payment. False when it was booked before.
   *
   * @param reference of the refund or the charge-back
   */
  public boolean movedBack(
      Handle handle, String reference, String paymentId, Money amount, MoneyBack kind) {
    return movedBack(handle, reference, paymentId, amount, kind, /* creditNote= */ null);
  }

  /**
   * The same.
   *
   * @param creditNote whose credit goes back first, since it was issued for this refund; null for
   *     none
   */
  public boolean movedBack(
      Handle handle,
      String reference,
      String paymentId,
      Money amount,
      MoneyBack kind,
      @Nullable String creditNote) {
    Payment payment = locked(handle, paymentId);
    String name = kind.name().toLowerCase(Locale.ROOT);
    if (!ProviderBookingRows.insert(handle, payment.method().text(), reference, name, paymentId)) {
      return false;
    }
    Lines lines = new Lines().add(payment.method().cash(), amount.negated());
    Money ofNote = ofNote(handle, creditNote, amount);
    back(handle, payment, amount, kind == MoneyBack.REFUND, ofNote, lines);
    post(handle, PostingKind.valueOf(kind.name()), payment.customer(), paymentId, lines, reference);
    new GiveBack(database, handle, actor).due(payment, kind != MoneyBack.REFUND);
    told(handle, paymentId, amount);
    return true;
  }

  /** First of credit or of invoices, then of the other; the rest is a claim. */
  private void back(
      Handle handle,
      Payment payment,
      Money amount,
      boolean creditFirst,
      Money ofNote,
      Lines lines) {
    Money none = Money.zero(amount.currency());
    if (isTopUp(handle, payment)) {
      Money taken = new Credits(database.within(handle), actor).takeBack(payment.id(), amount);
      lines.add(MoneyAccount.PREPAID, taken).add(MoneyAccount.CLAIM, amount.minus(taken));
      return;
    }
    // Of this payment alone: credit of other payments stays for the customer.
    Money settled = payment.settled().values().stream().reduce(none, Money::plus);
    Money own = creditFirst ? payment.left().minus(settled).max(none) : none;
    new GiveBack(database, handle, actor)
        .of(payment, amount, own.plus(ofNote), ofNote, /* isDone= */ true, lines);
  }

  private Money ofNote(Handle handle, @Nullable String creditNote, Money amount) {
    return creditNote == null
        ? Money.zero(amount.currency())
        : new MoneyCredits(database.within(handle), actor)
            .broughtBy(creditNote, amount.currency())
            .min(amount);
  }

  private static boolean isTopUp(Handle handle, Payment payment) {
    return ProviderBookingRows.isTopUp(handle, payment.id());
  }

  /**
   * A refund did not reach the payer, or a charge-back was decided for the seller: the money is
   * here again. It pays what the customer owes of it first. So a refund that failed after a
   * charge-back leaves no credit behind which there is no money. False when it was booked before.
   */
  public boolean cameBack(
      Handle handle, String reference, String paymentId, Money amount, boolean isRefund) {
    Payment payment = locked(handle, paymentId);
    String name = isRefund ? "refund_failed" : "chargeback_won";
    String provider = payment.method().text();
    if (!ProviderBookingRows.insert(handle, provider, reference, name, paymentId)) {
      return false;
    }
    Lines lines = new Lines().add(payment.method().cash(), amount);
    Money none = Money.zero(amount.currency());
    InvoiceLink link = new InvoiceLink(database, handle, actor);
    Money claimed = amount.min(Payments.claim(handle, payment.customer(), amount.currency()));
    lines.add(MoneyAccount.CLAIM, claimed.negated());
    Money left = amount.minus(claimed);
    for (String number : ProviderBookingRows.paidNumbers(handle, paymentId)) {
      Money open = ReceivableRows.find(handle, number).map(Receivable::open).orElse(none);
      Money paid = link.pay(number, left.min(open), paymentId);
      lines.add(MoneyAccount.RECEIVABLE, number, paid.negated());
      left = left.minus(paid);
    }
    lines.add(MoneyAccount.CREDIT, left.negated());
    link.keep(payment.customer(), left, paymentId);
    post(handle, PostingKind.REFUND_FAILED, payment.customer(), paymentId, lines, reference);
    new PastDue(database.within(handle), actor).paid(handle, payment.customer());
    return true;
  }

  /** How much of a payment was not given back. */
  public static Money left(Handle handle, String paymentId) {
    return Payments.require(handle, paymentId).left();
  }

  private static Payment locked(Handle handle, String paymentId) {
    lock(handle, Payments.require(handle, paymentId).customer());
    return Payments.require(handle, paymentId);
  }

  private void told(Handle handle, String paymentId, Money amount) {
    Payment after = Payments.require(handle, paymentId);
    Map<String, @Nullable Object> shown = Payments.shown(after, amount);
    new Payments(database.within(handle), actor).tell(handle, Payments.REFUNDED, after, shown);
  }

  private void post(
      Handle handle,
      PostingKind kind,
      String customer,
      @Nullable String payment,
      Lines lines,
      @Nullable String reason) {
    PostingRows.add(handle, new Posting(kind, customer, null, payment, lines.all()), reason, actor);
  }
}
