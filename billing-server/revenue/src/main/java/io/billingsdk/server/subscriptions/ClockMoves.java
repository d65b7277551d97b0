package io.billingsdk.server.subscriptions;

import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.util.Set;

/** Lets happen at once what a customer's test clock has moved over, and a change of the zone. */
final class ClockMoves implements OutboxSubscriber {
  private static final String SUBJECT = "customer/";

  private final Subscriptions subscriptions;

  ClockMoves(Subscriptions subscriptions) {
    this.subscriptions = subscriptions;
  }

  @Override
  public String name() {
    return "subscription-clocks";
  }

  @Override
  public Set<String> kinds() {
    return Set.of(CustomerClocks.MOVED, Customers.ZONE_CHANGED);
  }

  @Override
  public void receive(DeliveredEvent event) {
    subscriptions.catchUpOf(event.event().subject().substring(SUBJECT.length()));
  }
}
