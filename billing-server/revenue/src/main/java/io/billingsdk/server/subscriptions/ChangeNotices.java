package io.billingsdk.server.subscriptions;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.subscriptions.Course.Step;
import io.billingsdk.server.subscriptions.Outcome.Change;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Says what has happened to a subscription, in its transaction, to all who react to it. */
final class ChangeNotices {
  private final List<EntitlementsListener> listeners;

  ChangeNotices(List<EntitlementsListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  void send(Handle handle, Course course, Actor actor) {
    Subscription before = course.old();
    for (Step step : course.steps()) {
      Change change = step.change();
      boolean isOfTime = change.act().isOfTime();
      Actor doer = isOfTime ? new Actor(Subscriptions.TIME) : actor;
      if (!isOfTime) {
        audit(handle, doer, change, before);
      }
      // Before the keys, as a payment does it: the other order would be a deadlock of the two.
      Outbox.add(handle, event(change, before, doer));
      tell(handle, before, change);
      before = change.after();
    }
  }

  private static void audit(
      Handle handle, Actor actor, Change change, @Nullable Subscription before) {
    AuditLog.write(
        handle,
        actor,
        "subscription." + change.act().text(),
        change.after().id().toString(),
        before == null ? null : shown(before),
        shown(change.after()));
  }

  private void tell(Handle handle, @Nullable Subscription before, Change change) {
    Subscription after = change.after();
    boolean isNew =
        before == null
            || before.state().isInUse() != after.state().isInUse()
            || before.state() == SubscriptionState.PAUSED
            // From now on usage has a price, which a spend cap counts.
            || endsTrial(before, after)
            || !before.plan().plan().equals(after.plan().plan())
            || before.plan().version() != after.plan().version()
            // Calendar months of quotas begin at midnight there.
            || !before.zone().equals(after.zone())
            // Billing periods of quotas begin on that day.
            || before.billDay() != after.billDay();
    if (isNew) {
      CustomerAccess access = after.accessAt(change.at());
      listeners.forEach(each -> each.changed(handle, after.customer(), access, change.at()));
    }
  }

  private static boolean endsTrial(Subscription before, Subscription after) {
    return before.state() == SubscriptionState.TRIALING
        && after.state() != SubscriptionState.TRIALING;
  }

  private static DomainEvent event(Change change, @Nullable Subscription before, Actor actor) {
    Subscription after = change.after();
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("subscriptionId", after.id().toString());
    payload.put("customerId", after.customer());
    payload.put("act", change.act().text());
    payload.put("at", change.at().toString());
    payload.put("revision", after.revision());
    payload.putAll(shown(after));
    return DomainEvent.of(
        kind(change, before), "customer/" + after.customer(), payload, actor.name());
  }

  /** What it comes to, whatever brought it. */
  static String kind(Change change, @Nullable Subscription before) {
    Subscription after = change.after();
    if (before == null) {
      return "subscription.started";
    }
    if (after.state() != before.state() && after.state() == SubscriptionState.CANCELLED) {
      return "subscription.cancelled";
    }
    boolean hasOtherPlan =
        !after.plan().plan().equals(before.plan().plan())
            || after.plan().version() != before.plan().version();
    if (hasOtherPlan && change.act() != Act.END_TRIAL) {
      return "subscription.changed";
    }
    return switch (change.act()) {
      case UPGRADE, DOWNGRADE, MIGRATE -> "subscription.change_scheduled";
      case CANCEL_AT_END -> "subscription.cancel_scheduled";
      case UNDO -> "subscription.undone";
      case PAUSE -> "subscription.paused";
      case RESUME -> "subscription.resumed";
      case REACTIVATE -> "subscription.reactivated";
      case PAYMENT_MISSED -> "subscription.past_due";
      case PAYMENT_MADE -> "subscription.recovered";
      case CHANGE_ZONE -> "subscription.zone_changed";
      case CHANGE_BILL_DAY -> "subscription.bill_day_changed";
      case END_TRIAL -> "subscription.trial_ended";
      case END_PERIOD -> "subscription.renewed";
      case START, CANCEL_NOW -> throw new IllegalStateException("not after a start: " + change);
    };
  }

  private static Map<String, @Nullable Object> shown(Subscription subscription) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("state", subscription.state().text());
    shown.put("plan", subscription.plan().plan());
    shown.put("version", subscription.plan().version());
    shown.put("billDay", subscription.billDay());
    return shown;
  }
}
