package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.payments.ProviderBooks;
import io.billingsdk.server.payments.ProviderBooks.BookedPayment;
import io.billingsdk.server.payments.ProviderMoney.MoneyBack;
import io.billingsdk.server.providers.EventRows.EventState;
import io.billingsdk.server.providers.EventRows.StoredEvent;
import io.billingsdk.server.providers.PaymentProvider.SavedToken;
import io.billingsdk.server.providers.ProviderEvent.OfDispute;
import io.billingsdk.server.providers.ProviderEvent.OfMethod;
import io.billingsdk.server.providers.ProviderEvent.OfNothing;
import io.billingsdk.server.providers.ProviderEvent.OfPayment;
import io.billingsdk.server.providers.ProviderEvent.OfRefund;
import io.billingsdk.server.providers.ProviderEvent.Strange;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes what providers say by webhooks. An event says which object to look at; the provider says
 * what that is now. So events may come late, twice, and in any order. The id of an event is stored
 * in the transaction of its effect. Thread-safe.
 */
final class EventDesk {
  private final Database database;
  private final ChargeDesk desk;
  private final ProviderRefunds refunds;
  private final PaymentMethods methods;

  EventDesk(Database database, ChargeDesk desk, ProviderRefunds refunds, PaymentMethods methods) {
    this.database = database;
    this.desk = desk;
    this.refunds = refunds;
    this.methods = methods;
  }

  /** What an event does in its transaction; a text parks it with that reason. */
  @FunctionalInterface
  private interface Effect {
    @Nullable String on(Handle handle);
  }

  /**
   * Takes one that was verified.
   *
   * @return what became of it, also when it has come before
   * @throws ProviderUnreachableException when the provider must send it again
   */
  EventState take(PaymentProvider provider, ProviderEvent event) {
    Optional<StoredEvent> before =
        database.read(handle -> EventRows.find(handle, provider.name(), event.id()));
    if (before.isPresent()) {
      return before.get().state();
    }
    // What the provider is asked is asked before the transaction.
    Effect effect = effect(provider, event);
    return database.inTransaction(handle -> once(handle, provider.name(), event, effect));
  }

  private static EventState once(
      Handle handle, ProviderName provider, ProviderEvent event, Effect effect) {
    if (!EventRows.insert(handle, provider, event)) {
      return EventRows.find(handle, provider, event.id())
          .map(StoredEvent::state)
          .orElse(EventState.APPLIED);
    }
    if (event.matter() instanceof OfNothing) {
      EventRows.settle(handle, provider, event.id(), EventState.IGNORED, null);
      return EventState.IGNORED;
    }
    String parked = effect.on(handle);
    if (parked != null) {
      EventRows.settle(handle, provider, event.id(), EventState.PARKED, parked);
      return EventState.PARKED;
    }
    return EventState.APPLIED;
  }

  private Effect effect(PaymentProvider provider, ProviderEvent event) {
    if (event.matter() instanceof OfPayment payment) {
      return ofPayment(provider, payment.object());
    }
    if (event.matter() instanceof OfRefund refund) {
      return ofRefund(provider, refund.object());
    }
    if (event.matter() instanceof OfDispute dispute) {
      return ofDispute(provider, dispute);
    }
    if (event.matter() instanceof OfMethod method) {
      return ofMethod(provider, method);
    }
    if (event.matter() instanceof Strange strange) {
      return handle -> strange.why();
    }
    return handle -> null;
  }

  private Effect ofPayment(PaymentProvider provider, String reference) {
    ProviderAnswer answer = provider.fetch(reference);
    if (answer instanceof ProviderAnswer.Lost lost) {
      throw new ProviderUnreachableException(lost.why());
    }
    if (answer instanceof ProviderAnswer.Rejected rejected) {
      return handle -> "the provider does not show its payment: " + rejected.code();
    }
    ProviderPayment seen = ((ProviderAnswer.Known) answer).payment();
    return handle -> applied(handle, provider.name(), seen);
  }

  private @Nullable String applied(Handle handle, ProviderName provider, ProviderPayment seen) {
    String intent = seen.intent();
    Optional<Charge> charge =
        intent == null
            ? ChargeRows.ofReference(handle, provider, seen.reference())
            : ChargeRows.ofAttempt(handle, intent, seen.attempt());
    if (charge.isEmpty() || charge.get().provider() != provider) {
      return "its payment is of no charge of this server";
    }
    if (!charge.get().amount().currency().equals(seen.amount().currency())) {
      return "its payment is in "
          + seen.amount().currency()
          + ", the charge in "
          + charge.get().amount().currency();
    }
    Charge unused = desk.apply(handle, charge.get().id(), seen);
    return null;
  }

  private Effect ofRefund(PaymentProvider provider, String reference) {
    RefundAnswer answer = provider.fetchRefund(reference);
    if (answer instanceof RefundAnswer.Lost lost) {
      throw new ProviderUnreachableException(lost.why());
    }
    if (answer instanceof RefundAnswer.Rejected rejected) {
      return handle -> "the provider does not show its refund: " + rejected.code();
    }
    SeenRefund seen = ((RefundAnswer.Known) answer).refund();
    Effect first = booked(provider, seen.payment());
    return handle -> {
      String unused = first.on(handle);
      return refunds.apply(handle, provider.name(), seen, "")
          ? null
          : "its refund is of no payment of this server";
    };
  }

  /** The payment itself may not have come here yet: then it comes first. */
  private Effect booked(PaymentProvider provider, String reference) {
    boolean isKnown =
        database.read(
            handle -> ProviderBooks.booked(handle, provider.name().text(), reference).isPresent());
    return isKnown || reference.isEmpty() ? handle -> null : ofPayment(provider, reference);
  }

  private Effect ofDispute(PaymentProvider provider, OfDispute dispute) {
    Effect first = booked(provider, dispute.payment());
    return handle -> {
      String unused = first.on(handle);
      return disputed(handle, provider.name(), dispute);
    };
  }

  private @Nullable String disputed(Handle handle, ProviderName provider, OfDispute dispute) {
    Optional<BookedPayment> booked =
        ProviderBooks.booked(handle, provider.text(), dispute.payment());
    if (booked.isEmpty()) {
      return "its charge-back is of no payment of this server";
    }
    String payment = booked.get().id();
    Money paid = ProviderBooks.left(handle, payment);
    if (!paid.currency().equals(dispute.amount().currency())) {
      return "its charge-back is in another currency than the payment " + payment;
    }
    ProviderBooks books = desk.books(handle, provider);
    MoneyBack kind = dispute.isReturn() ? MoneyBack.RETURN : MoneyBack.CHARGEBACK;
    // One that was won has been lost before, whichever is said first.
    boolean isNew = books.movedBack(handle, dispute.object(), payment, dispute.amount(), kind);
    if (dispute.won()) {
      boolean unused =
          books.cameBack(
              handle, dispute.object(), payment, dispute.amount(), /* isRefund= */ false);
    } else if (isNew && ProviderBooks.left(handle, payment).signum() <= 0) {
      desk.returned(handle, payment, kind.name().toLowerCase(java.util.Locale.ROOT));
    }
    return null;
  }

  private Effect ofMethod(PaymentProvider provider, OfMethod method) {
    SavedToken token = provider.describe(method.customer(), method.token());
    Actor actor = ChargeDesk.actor(provider.name());
    return handle -> {
      if (new Customers(database.within(handle), actor).find(method.customer()).isEmpty()) {
        return "its payment method is of no customer of this server";
      }
      SavedMethod unused = methods.save(handle, method.customer(), provider.name(), token, actor);
      return null;
    };
  }

  List<StoredEvent> parked(long after, int most) {
    return database.read(handle -> EventRows.parked(handle, after, most));
  }

  /** A person has looked at one, and has done what it asks for. */
  static StoredEvent dismiss(Handle handle, long position, String reason, Actor actor) {
    StoredEvent event =
        EventRows.lockedParked(handle, position)
            .orElseThrow(
                () ->
                    RequestRefusedException.notFound(
                        "position", "no event waits with the position " + position));
    EventRows.settle(
        handle, event.provider(), event.id(), EventState.DISMISSED, String.valueOf(event.reason()));
    AuditLog.write(
        handle, actor, "provider_event.dismiss", event.id(), null, Map.of("reason", reason));
    return EventRows.find(handle, event.provider(), event.id()).orElse(event);
  }
}
