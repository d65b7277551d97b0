package io.billingsdk.server.reconcile;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.BilledUsage;
import io.billingsdk.server.invoices.BilledUsage.EventShare;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.EventTraces;
import io.billingsdk.server.ledger.EventTraces.EventTrace;
import io.billingsdk.server.reconcile.EventExplanation.ExplainedDocument;
import io.billingsdk.server.reconcile.EventExplanation.ExplainedLine;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Follows an event to the invoices that have it, or says why none has. Thread-safe. */
final class EventExplainer {
  private static final Actor READER = new Actor("explain");

  private final EventTraces traces;
  private final Customers customers;
  private final Subscriptions subscriptions;
  private final BilledUsage billed;

  /** In a database. */
  EventExplainer(Database database) {
    this.traces = new EventTraces(database);
    this.customers = new Customers(database, READER);
    this.subscriptions = new Subscriptions(database, READER, List.of());
    this.billed = new BilledUsage(database);
  }

  /**
   * Follows it.
   *
   * @param occurredAt when it was used; null if it is not known
   */
  EventExplanation explain(UUID stream, long seq, @Nullable Instant occurredAt) {
    EventTrace trace = traces.of(stream, seq, occurredAt);
    if (trace instanceof EventTrace.Counted counted) {
      return counted(stream, seq, counted);
    }
    if (trace instanceof EventTrace.Repeat) {
      return EventExplanation.uncounted(
          stream, seq, "repeat", "another event with its idempotency key is counted", null);
    }
    if (trace instanceof EventTrace.Conflicting conflicting) {
      return EventExplanation.uncounted(
          stream,
          seq,
          "conflicting",
          "another content has its identity, so it is not counted; look into conflicting list",
          conflicting.received());
    }
    if (trace instanceof EventTrace.Refused refused) {
      String held = refused.isHeld() ? "; it is held, and taken in when its time comes" : "";
      return EventExplanation.uncounted(
          stream,
          seq,
          "refused",
          "it was refused: " + refused.code() + ", " + refused.detail() + held,
          refused.received());
    }
    String why = trace instanceof EventTrace.Absent absent ? absent.why() : "nobody knows it";
    return EventExplanation.uncounted(stream, seq, "absent", why, null);
  }

  private EventExplanation counted(UUID stream, long seq, EventTrace.Counted counted) {
    AppendedEvent event = counted.event();
    Optional<Customer> customer =
        event.app() == null ? Optional.empty() : customers.ofApp(event.app(), event.occurredAt());
    Optional<Subscription> subscription =
        customer.flatMap(each -> subscriptions.of(each.id(), event.occurredAt()));
    Optional<Segment> segment = subscription.flatMap(each -> each.segmentAt(event.occurredAt()));
    UsageFate fate = fate(event, customer, subscription, segment);
    List<EventShare> shares =
        switch (fate) {
          case RATED -> billed.shares(subscription.orElseThrow(), event);
          case RUNNING, WAITING, FAILED ->
              billed.sharesOnTheWay(subscription.orElseThrow(), event, counted.cut());
          default -> List.of();
        };
    if (fate == UsageFate.RATED) {
      fate = ofRated(counted, subscription.orElseThrow(), shares);
    } else if (!shares.isEmpty()) {
      fate = UsageFate.PROGRESS;
    }
    boolean isInvoiced = fate == UsageFate.RATED || fate == UsageFate.PROGRESS;
    boolean isBehind = isInvoiced && event.usage().signum() != 0;
    return new EventExplanation(
        stream,
        seq,
        "counted",
        why(counted, fate, isBehind ? shares : List.of()),
        event.occurredAt(),
        counted.received(),
        event.app(),
        counted.attributed(),
        Figures.shortest(counted.reported()),
        Figures.shortest(event.usage()),
        counted.corrections(),
        fate.text(),
        customer.map(Customer::id).orElse(null),
        subscription.map(Subscription::id).orElse(null),
        segment.map(each -> each.plan().plan()).orElse(null),
        segment.map(each -> each.plan().version()).orElse(null),
        isBehind ? shares.stream().map(EventExplainer::line).toList() : List.of());
  }

  private UsageFate fate(
      AppendedEvent event,
      Optional<Customer> customer,
      Optional<Subscription> subscription,
      Optional<Segment> segment) {
    if (event.app() == null) {
      return UsageFate.NO_APP;
    }
    if (customer.isEmpty()) {
      return UsageFate.NO_CUSTOMER;
    }
    if (subscription.isEmpty()) {
      return UsageFate.NO_SUBSCRIPTION;
    }
    return segment
        .map(each -> books(subscription.get()).fate(each, event.occurredAt()))
        .orElse(UsageFate.PAUSED);
  }

  private SubscriptionBooks books(Subscription subscription) {
    return new SubscriptionBooks(subscription, billed.times(subscription.id()));
  }

  private UsageFate ofRated(
      EventTrace.Counted counted, Subscription subscription, List<EventShare> shares) {
    if (counted.cut() > books(subscription).lastCut()) {
      return UsageFate.LATE;
    }
    return shares.isEmpty() && counted.event().usage().signum() != 0
        ? UsageFate.NOT_PRICED
        : UsageFate.RATED;
  }

  private static String why(EventTrace.Counted counted, UsageFate fate, List<EventShare> shares) {
    String attributed =
        counted.attributed() == null
            ? ""
            : "; somebody gave it to its app on " + counted.attributed();
    if (counted.event().usage().signum() == 0 && counted.corrections() > 0) {
      return "it was corrected to 0, and counts nowhere" + attributed;
    }
    if (fate == UsageFate.RATED && shares.stream().allMatch(each -> each.documents().isEmpty())) {
      return "its time is billed and came to nothing, so no document has it" + attributed;
    }
    return fate.sentence() + attributed;
  }

  private static ExplainedLine line(EventShare share) {
    Map<String, BigDecimal> values = new LinkedHashMap<>();
    share.values().forEach((meter, value) -> values.put(meter, Figures.shortest(value)));
    @Nullable Money without = share.without();
    return new ExplainedLine(
        share.charge(),
        share.name(),
        values,
        share.amount().currency(),
        share.amount().amount(),
        without == null ? null : share.amount().minus(without).amount(),
        share.documents().stream()
            .map(each -> new ExplainedDocument(each.number(), each.line(), each.kind()))
            .toList());
  }
}
