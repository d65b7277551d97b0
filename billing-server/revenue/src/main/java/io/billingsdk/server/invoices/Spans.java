package io.billingsdk.server.invoices;

import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import io.billingsdk.server.subscriptions.SubscriptionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Notes which spans there are to bill, from the events of subscriptions. Repeating it is free. */
final class Spans {
  /** For usage that is on its way when a period ends. */
  static final Duration GRACE = Duration.ofHours(1);

  private static final int PAGE = 500;

  private final Database database;

  Spans(Database database) {
    this.database = database;
  }

  /** Of all subscriptions of a customer. */
  void noteOf(String customer) {
    Bills.subscriptions(database).of(customer).forEach(this::note);
  }

  /** Of all subscriptions; one without a newer event costs a part of a question. */
  void noteAll() {
    UUID after = new UUID(0, 0);
    while (!Thread.currentThread().isInterrupted()) {
      List<Subscription> page = Bills.subscriptions(database).after(after, PAGE);
      List<UUID> ids = page.stream().map(Subscription::id).toList();
      Map<UUID, Long> noted = database.read(handle -> SpanRows.noted(handle, ids));
      page.stream()
          .filter(each -> each.revision() > noted.getOrDefault(each.id(), 0L))
          .forEach(this::note);
      if (page.size() < PAGE) {
        return;
      }
      after = page.get(page.size() - 1).id();
    }
  }

  private void note(Subscription subscription) {
    boolean isTest = new CustomerClocks(database).testClock(subscription.customer()).isPresent();
    database.useTransaction(
        handle -> {
          Span last = SpanRows.last(handle, subscription.id()).orElse(null);
          List<SubscriptionEvent> events =
              events(database.within(handle), subscription, last == null ? 0 : last.lastEvent());
          for (Span span : SpanCutter.cut(subscription, last, events)) {
            Duration grace = span.from().equals(span.to()) ? Duration.ZERO : GRACE;
            SpanRows.add(handle, span, subscription.customer(), grace, isTest);
          }
          if (subscription.state() == SubscriptionState.CANCELLED) {
            SpanRows.last(handle, subscription.id())
                // One with a later event was taken up again since the subscription was read.
                .filter(each -> !each.isClosing() && each.lastEvent() <= subscription.revision())
                .ifPresent(each -> ClosingRows.add(handle, each, subscription.customer(), isTest));
          }
        });
  }

  /** All of them: hundreds that cut nothing may stand before one that does. */
  static List<SubscriptionEvent> events(Database here, Subscription subscription, long after) {
    List<SubscriptionEvent> events = new ArrayList<>();
    long last = after;
    List<SubscriptionEvent> page;
    do {
      page = Bills.subscriptions(here).events(subscription, last, PAGE);
      events.addAll(page);
      last = page.isEmpty() ? last : page.get(page.size() - 1).number();
    } while (page.size() == PAGE);
    return events;
  }
}
