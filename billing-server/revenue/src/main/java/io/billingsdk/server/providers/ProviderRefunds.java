package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.payments.ProviderBooks;
import io.billingsdk.server.payments.ProviderBooks.BookedPayment;
import io.billingsdk.server.payments.ProviderMoney.MoneyBack;
import io.billingsdk.server.providers.PaymentProvider.RefundRequest;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import io.billingsdk.server.providers.RefundRows.StoredRefund;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives money of charges back through their provider, each refund once, and never more than was
 * paid. Thread-safe.
 */
final class ProviderRefunds {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderRefunds.class);
  private static final Duration AGAIN = Duration.ofMinutes(2);
  private static final int REASON_CHARS = 256;

  private final Database database;
  private final Providers providers;
  private final ChargeDesk desk;
  private final Failpoint.Hook hook;

  ProviderRefunds(Database database, Providers providers, ChargeDesk desk, Failpoint.Hook hook) {
    this.database = database;
    this.providers = providers;
    this.desk = desk;
    this.hook = hook;
  }

  /** The same without a credit note: the invoices that the payment had paid may be open again. */
  StoredRefund prepare(Handle handle, String paymentId, Money amount, String reason, Actor actor) {
    return prepare(handle, paymentId, amount, reason, actor, Optional.empty());
  }

  /**
   * Stores a refund that is to be, and checks that there is money for it.
   *
   * @param credit the credit note to issue with it
   */
  StoredRefund prepare(
      Handle handle,
      String paymentId,
      Money amount,
      String reason,
      Actor actor,
      Optional<RefundCredit> credit) {
    if (reason.isBlank() || reason.length() > REASON_CHARS) {
      throw RequestRefusedException.invalid("reason", "a text of 1 to 256 characters");
    }
    BookedPayment payment =
        ProviderBooks.ofPayment(handle, paymentId)
            .orElseThrow(
                () ->
                    RequestRefusedException.notFound(
                        "paymentId", "there is no payment " + paymentId + " through a provider"));
    ProviderBooks.lock(handle, payment.customer());
    ProviderName name = ProviderName.of(payment.provider());
    PaymentProvider provider = providers.require("paymentId", name);
    requireAmount(handle, paymentId, amount, provider);
    @Nullable String note =
        credit
            .map(
                each ->
                    each.issue(database.within(handle), payment.customer(), amount, reason, actor))
            .orElse(null);
    StoredRefund refund =
        new StoredRefund(
            "rfd_" + UUID.randomUUID().toString().replace("-", ""),
            0,
            paymentId,
            payment.customer(),
            name,
            payment.reference(),
            amount,
            reason,
            RefundState.CREATED,
            /* reference= */ null,
            /* problem= */ null,
            note,
            desk.now());
    RefundRows.insert(handle, refund, desk.now().plus(AGAIN), actor);
    Map<String, Object> shown =
        Map.of("paymentId", paymentId, "amount", amount.toString(), "reason", reason);
    AuditLog.write(handle, actor, "refund.create", refund.id(), null, shown);
    return RefundRows.find(handle, refund.id()).orElse(refund);
  }

  private static void requireAmount(
      Handle handle, String paymentId, Money amount, PaymentProvider provider) {
    if (amount.signum() <= 0) {
      throw RequestRefusedException.invalid("amount", "above 0");
    }
    Money paid = ProviderBooks.left(handle, paymentId);
    if (!amount.currency().equals(paid.currency())) {
      throw RequestRefusedException.invalid("currency", paid.currency() + ", in which it was paid");
    }
    MinorUnits.require(provider.name(), "amount", amount);
    // Those that are on their way are not in the books yet.
    Money left = paid.minus(RefundRows.underWay(handle, paymentId, amount.currency()));
    if (amount.compareTo(left) > 0) {
      throw RequestRefusedException.conflict(
          "amount",
          "at most " + left.max(Money.zero(amount.currency())) + ", which is left of the payment");
    }
  }

  /** Refunds in steps of its own: never within a transaction. */
  StoredRefund refund(String paymentId, Money amount, String reason, Actor actor) {
    StoredRefund stored =
        database.inTransaction(handle -> prepare(handle, paymentId, amount, reason, actor));
    hook.reached(Failpoint.REFUND_STORED);
    return send(stored);
  }

  /** Sends a stored refund; the same one again is the same request with the same key. */
  StoredRefund send(StoredRefund refund) {
    Optional<PaymentProvider> provider = providers.find(refund.provider());
    RefundAnswer answer =
        provider.isEmpty()
            ? new RefundAnswer.Lost("the server has no account at " + refund.provider().text())
            : provider
                .get()
                .refund(new RefundRequest(refund.id(), refund.chargeReference(), refund.amount()));
    hook.reached(Failpoint.REFUND_ANSWERED);
    if (answer instanceof RefundAnswer.Known known) {
      StoredRefund after =
          database.inTransaction(
              handle -> {
                apply(handle, refund.provider(), known.refund(), refund.id());
                hook.reached(Failpoint.REFUND_BOOKED_NOT_COMMITTED);
                return RefundRows.find(handle, refund.id()).orElse(refund);
              });
      hook.reached(Failpoint.REFUND_COMMITTED);
      return after;
    }
    if (answer instanceof RefundAnswer.Rejected rejected) {
      return failed(refund, rejected.code());
    }
    if (answer instanceof RefundAnswer.Denied denied) {
      LOG.error("the refund {} needs an operator: {}", refund.id(), denied.why());
      return again(refund, denied.why());
    }
    LOG.warn(
        "the outcome of the refund {} is not known yet: {}",
        refund.id(),
        ((RefundAnswer.Lost) answer).why());
    return again(refund, null);
  }

  /**
   * Looks at it again later.
   *
   * @param problem what a person has to see to first; null if there is nothing
   */
  private StoredRefund again(StoredRefund refund, @Nullable String problem) {
    return database.inTransaction(
        handle -> {
          RefundRows.lookAgain(handle, refund.id(), desk.now().plus(AGAIN), problem);
          return RefundRows.find(handle, refund.id()).orElse(refund);
        });
  }

  private StoredRefund failed(StoredRefund refund, String problem) {
    return database.inTransaction(
        handle -> {
          ProviderBooks.lock(handle, refund.customer());
          StoredRefund now = RefundRows.find(handle, refund.id()).orElse(refund);
          // A webhook may have said meanwhile that the money is gone.
          if (now.state() != RefundState.CREATED) {
            return now;
          }
          RefundRows.settle(
              handle, refund.id(), RefundState.FAILED, refund.reference(), problem, desk.now());
          return RefundRows.find(handle, refund.id()).orElse(refund);
        });
  }

  /**
   * Applies what a provider says of a refund, also of one that was made at its console.
   *
   * @param id of our row, if it is ours; empty to look for it
   * @return false when its payment is not one of this server
   */
  boolean apply(Handle handle, ProviderName provider, SeenRefund seen, String id) {
    Optional<BookedPayment> booked = ProviderBooks.booked(handle, provider.text(), seen.payment());
    if (booked.isEmpty()) {
      return false;
    }
    String payment = booked.get().id();
    ProviderBooks.lock(handle, booked.get().customer());
    String ours = id.isEmpty() ? String.valueOf(seen.ours()) : id;
    Optional<StoredRefund> row =
        RefundRows.find(handle, ours)
            .filter(each -> each.paymentId().equals(payment))
            .or(() -> RefundRows.ofReference(handle, provider, seen.reference()));
    ProviderBooks books = desk.books(handle, provider);
    boolean unused =
        books.movedBack(
            handle,
            seen.reference(),
            payment,
            seen.amount(),
            MoneyBack.REFUND,
            row.map(StoredRefund::creditNote).orElse(null));
    if (seen.state() == RefundState.FAILED) {
      boolean unusedToo =
          books.cameBack(handle, seen.reference(), payment, seen.amount(), /* isRefund= */ true);
    }
    if (row.isEmpty()) {
      RefundRows.insertSeen(handle, provider, booked.get(), seen, desk.now());
    } else if (seen.state().compareTo(row.get().state()) > 0) {
      RefundRows.settle(
          handle, row.get().id(), seen.state(), seen.reference(), seen.problem(), desk.now());
    }
    return true;
  }

  /** Looks at refunds whose outcome is not known. */
  void reconcile(int most) {
    List<StoredRefund> refunds =
        database.read(handle -> RefundRows.toLook(handle, desk.now(), most));
    for (StoredRefund each : refunds) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      try {
        reconcile(each);
      } catch (RuntimeException fault) {
        LOG.warn("the refund {} cannot be settled yet: {}", each.id(), fault.toString());
        boolean isDenied = fault instanceof ProviderDeniedException;
        StoredRefund unused = again(each, isDenied ? fault.getMessage() : null);
      }
    }
  }

  private void reconcile(StoredRefund refund) {
    PaymentProvider provider = providers.require("provider", refund.provider());
    Duration age = Duration.between(refund.createdAt(), desk.now());
    if (age.compareTo(provider.keys()) < 0) {
      StoredRefund unused = send(refund);
      return;
    }
    // The provider has forgotten the key by then: its list has the refunds that it made.
    Optional<SeenRefund> seen =
        provider.refundsOf(refund.chargeReference()).stream()
            .filter(each -> refund.id().equals(each.ours()))
            .findFirst();
    if (seen.isEmpty()) {
      StoredRefund unused = failed(refund, "never_received");
      return;
    }
    database.useTransaction(
        handle -> {
          boolean unused = apply(handle, refund.provider(), seen.get(), refund.id());
        });
  }
}
