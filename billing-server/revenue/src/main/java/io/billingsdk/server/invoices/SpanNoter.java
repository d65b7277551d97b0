package io.billingsdk.server.invoices;

import io.billingsdk.server.outbox.OutboxSubscriber;
import java.util.Set;

/** Notes the spans that changes of subscriptions end. */
final class SpanNoter implements OutboxSubscriber {
  private static final String SUBJECT = "customer/";

  private final Spans spans;

  SpanNoter(Spans spans) {
    this.spans = spans;
  }

  @Override
  public String name() {
    return "invoice-spans";
  }

  @Override
  public Set<String> kinds() {
    return Set.of(
        "subscription.started",
        "subscription.cancelled",
        "subscription.changed",
        "subscription.paused",
        "subscription.resumed",
        "subscription.reactivated",
        "subscription.trial_ended",
        "subscription.renewed");
  }

  @Override
  public void receive(DeliveredEvent event) {
    spans.noteOf(event.event().subject().substring(SUBJECT.length()));
  }
}
