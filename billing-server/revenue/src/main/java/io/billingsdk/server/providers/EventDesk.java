package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.billingsdk.server.providers.PaymentProvider.ChargeRequest;
import io.billingsdk.server.providers.PaymentProvider.SavedToken;
import io.billingsdk.server.providers.ProviderEvent.OfDispute;
import io.billingsdk.server.providers.ProviderEvent.OfMethod;
import io.billingsdk.server.providers.ProviderEvent.OfNothing;
import io.billingsdk.server.providers.ProviderEvent.OfPayment;
import io.billingsdk.server.providers.ProviderEvent.OfRefund;
import io.billingsdk.server.providers.ProviderEvent.OfReversal;
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
  private static final String NOT_OURS = "its payment is of no charge of this server";

  private final Database database;
  private final ChargeDesk desk;
  private final ProviderRefunds refunds;
  private final PaymentMethods methods;
  private final MethodVault vault;

  EventDesk(
      Database database,
      ChargeDesk desk,
      ProviderRefunds refunds,
      PaymentMethods methods,
      MethodVault vault) {
    this.database = database;
    this.desk = desk;
    this.refunds = refunds;
    this.methods = methods;
    this.vault = vault;
  }

  /** What an event does in its transaction; a text parks it with that reason. */
  @FunctionalInterface
  private interface Effect {
    @Nullable String on(Handle handle);
  }

  /**
   * Takes one that was verified.
   *
   * @param body the bytes that came; kept, encrypted, as long as a person has to look at them
   * @return what became of it, also when it has come before
   * @throws ProviderUnreachableException when the provider must send it again
   */
  EventState take(PaymentProvider provider, ProviderEvent event, byte[] body) {
    Optional<StoredEvent> before =
        database.read(handle -> EventRows.find(handle, provider.name(), event.id()));
    if (before.isPresent()) {
      return before.get().state();
    }
    // What the provider is asked is asked before the transaction.
    Effect effect = effect(provider, event);
    return database.inTransaction(handle -> once(handle, provider.name(), event, body, effect));
  }

  private EventState once(
      Handle handle, ProviderName provider, ProviderEvent event, byte[] body, Effect effect) {
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
      EventRows.park(handle, provider, event.id(), parked, sealed(provider, event.id(), body));
      return EventState.PARKED;
    }
    return EventState.APPLIED;
  }

  private String sealed(ProviderName provider, String id, byte[] body) {
    return vault.seal(owner(provider, id), new String(body, UTF_8));
  }

  private static String owner(ProviderName provider, String id) {
    return "event/" + provider.text() + "/" + id;
  }

  /** Asks for a replay of one that waits; the provider is asked after the commit. */
  static StoredEvent prepareReplay(Handle handle, long position, Actor actor) {
    StoredEvent event = requireParked(handle, position);
    if (EventRows.sealed(handle, position).isEmpty()) {
      throw RequestRefusedException.conflict(
          "position",
          "the server has not kept what came by the event "
              + position
              + "; do by hand what it asks for, then dismiss it");
    }
    AuditLog.write(
        handle, actor, "provider_event.replay", event.id(), null, Map.of("kind", event.kind()));
    return event;
  }

  private static StoredEvent requireParked(Handle handle, long position) {
    return EventRows.lockedParked(handle, position)
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "position", "no event waits with the position " + position));
  }

  /**
   * Takes one again that waits for a person. It has its effect once, however often and by how many
   * it is replayed: never within a transaction.
   *
   * @return what became of it
   * @throws ProviderUnreachableException when the provider cannot be asked; it waits as before
   */
  EventState replay(PaymentProvider provider, StoredEvent parked) {
    Optional<String> sealed = database.read(handle -> EventRows.sealed(handle, parked.position()));
    if (sealed.isEmpty()) {
      return database
          .read(handle -> EventRows.find(handle, parked.provider(), parked.id()))
          .orElse(parked)
          .state();
    }
    String owner = owner(parked.provider(), parked.id());
    String text = vault.open(owner, sealed.get(), "the event " + parked.position());
    ProviderEvent event = provider.reread(text.getBytes(UTF_8));
    Effect effect = effect(provider, event);
    return database.inTransaction(handle -> again(handle, parked, sealed.get(), effect));
  }

  private static EventState again(Handle handle, StoredEvent parked, String sealed, Effect effect) {
    // One who replays it at the same time waits here, and finds it settled.
    if (EventRows.lockedParked(handle, parked.position()).isEmpty()) {
      return EventRows.find(handle, parked.provider(), parked.id()).orElse(parked).state();
    }
    String reason = effect.on(handle);
    if (reason != null) {
      EventRows.park(handle, parked.provider(), parked.id(), reason, sealed);
      return EventState.PARKED;
    }
    EventRows.settle(handle, parked.provider(), parked.id(), EventState.APPLIED, null);
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
    if (event.matter() instanceof OfReversal reversal) {
      return ofReversal(provider, reversal.object());
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
    if (answer instanceof ProviderAnswer.Approved approved) {
      return ofApproval(provider, approved.payment());
    }
    return of(provider, answer);
  }

  private Effect of(PaymentProvider provider, ProviderAnswer answer) {
    if (answer instanceof ProviderAnswer.Known known) {
      return handle -> applied(handle, provider.name(), known.payment());
    }
    if (answer instanceof ProviderAnswer.Rejected rejected) {
      return handle -> "the provider does not show its payment: " + rejected.code();
    }
    if (answer instanceof ProviderAnswer.Lost lost) {
      throw new ProviderUnreachableException(lost.why());
    }
    if (answer instanceof ProviderAnswer.Denied denied) {
      throw new ProviderDeniedException(denied.why());
    }
    throw new ProviderUnreachableException("a payment was not taken that was approved");
  }

  /** The customer has approved a payment on a page: its money is taken, if it is one of ours. */
  private Effect ofApproval(PaymentProvider provider, ProviderPayment seen) {
    Optional<Charge> found = database.read(handle -> charge(handle, provider.name(), seen));
    if (found.isEmpty()) {
      return handle -> NOT_OURS;
    }
    Charge charge = found.get();
    if (!charge.state().isLive() || !charge.amount().equals(seen.amount())) {
      return handle ->
          "the charge " + charge.id() + " does not wait for " + seen.amount() + ", now approved";
    }
    String key = ChargeRequest.key(charge.intent(), charge.attempt());
    ProviderAnswer taken = provider.capture(seen.reference(), key);
    if (taken instanceof ProviderAnswer.Rejected rejected) {
      ProviderPayment failed =
          ProviderPayment.failed(
              charge.intent(), charge.attempt(), charge.amount(), rejected.code());
      return handle -> applied(handle, provider.name(), failed);
    }
    return of(provider, taken);
  }

  private static Optional<Charge> charge(
      Handle handle, ProviderName provider, ProviderPayment seen) {
    String intent = seen.intent();
    Optional<Charge> found =
        intent == null
            ? ChargeRows.ofReference(handle, provider, seen.reference())
            : ChargeRows.ofAttempt(handle, intent, seen.attempt());
    return found.filter(each -> each.provider() == provider);
  }

  private @Nullable String applied(Handle handle, ProviderName provider, ProviderPayment seen) {
    Optional<Charge> charge = charge(handle, provider, seen);
    if (charge.isEmpty()) {
      return NOT_OURS;
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
    if (!(answer instanceof RefundAnswer.Known known)) {
      return unseen(answer);
    }
    SeenRefund seen = known.refund();
    Effect first = booked(provider, seen.payment());
    return handle -> {
      String unused = first.on(handle);
      return refunds.apply(handle, provider.name(), seen, "")
          ? null
          : "its refund is of no payment of this server";
    };
  }

  private static Effect unseen(RefundAnswer answer) {
    if (answer instanceof RefundAnswer.Rejected rejected) {
      return handle -> "the provider does not show its refund: " + rejected.code();
    }
    if (answer instanceof RefundAnswer.Denied denied) {
      throw new ProviderDeniedException(denied.why());
    }
    throw new ProviderUnreachableException(((RefundAnswer.Lost) answer).why());
  }

  /** The provider shows a charge-back as a refund that it has made itself. */
  private Effect ofReversal(PaymentProvider provider, String reference) {
    RefundAnswer answer = provider.fetchRefund(reference);
    if (!(answer instanceof RefundAnswer.Known known)) {
      return unseen(answer);
    }
    SeenRefund seen = known.refund();
    return ofDispute(
        provider,
        new OfDispute(
            seen.reference(),
            seen.payment(),
            seen.amount(),
            /* won= */ false,
            /* isReturn= */ false));
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
    StoredEvent event = requireParked(handle, position);
    EventRows.settle(
        handle, event.provider(), event.id(), EventState.DISMISSED, String.valueOf(event.reason()));
    AuditLog.write(
        handle, actor, "provider_event.dismiss", event.id(), null, Map.of("reason", reason));
    return EventRows.find(handle, event.provider(), event.id()).orElse(event);
  }
}
