package io.billingsdk.server.invoices;

import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionState;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Finds the span that will bill the period that runs. */
final class RunningPeriods {
  private RunningPeriods() {}

  /** Empty in a trial and a pause, and while time or a change has not been noted yet. */
  static Optional<Span> of(Database here, Handle handle, Subscription subscription) {
    if (!subscription.state().isInUse() || subscription.state() == SubscriptionState.TRIALING) {
      return Optional.empty();
    }
    Instant end = subscription.dueAt().orElseThrow();
    @Nullable Span last = SpanRows.last(handle, subscription.id()).orElse(null);
    boolean isOver = !new CustomerClocks(here).now(subscription.customer()).isBefore(end);
    if (last == null || isOver || isCut(here, subscription, last)) {
      return Optional.empty();
    }
    return Optional.of(
        new Span(
            subscription.id(),
            last.number() + 1,
            last.to(),
            end,
            last.lastEvent(),
            Math.max(subscription.revision(), last.lastEvent() + 1)));
  }

  /** Whether a span ends with an event that nobody has noted: the numbers would be others then. */
  private static boolean isCut(Database here, Subscription subscription, Span last) {
    return !SpanCutter.cut(subscription, last, Spans.events(here, subscription, last.lastEvent()))
        .isEmpty();
  }
}
