package io.billingsdk.server.subscriptions;

import io.billingsdk.server.outbox.OutboxSubscriber;
import java.util.Set;

/** Lets happen at once what a customer's test clock has moved over. */
final class ClockMoves implements OutboxSubscriber {
  private static final String MOVED = "customer.clock_moved";
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
    return Set.of(MOVED);
  }

  @Override
  public void receive(DeliveredEvent event) {
    subscriptions.catchUpOf(event.event().subject().substring(SUBJECT.length()));
  }
}
