package io.billingsdk.server.invoices;

import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds where the time of a subscription is cut into spans: where fees or usage become due. */
final class SpanCutter {
  private static final Set<String> CUTTING =
      Set.of("start", "end_trial", "end_period", "cancel_now", "pause", "resume", "reactivate");

  private static final Set<String> SWITCHING = Set.of("upgrade", "downgrade", "migrate");

  private SpanCutter() {}

  /**
   * The spans that these events end.
   *
   * @param last the span before them; null for none
   * @param events those after it, in their order
   */
  static List<Span> cut(
      Subscription subscription, @Nullable Span last, List<SubscriptionEvent> events) {
    List<Span> spans = new ArrayList<>();
    @Nullable Span before = last;
    for (SubscriptionEvent event : events) {
      if (isCut(subscription, event)) {
        before = next(subscription, before, event);
        spans.add(before);
      }
    }
    return spans;
  }

  private static Span next(
      Subscription subscription, @Nullable Span before, SubscriptionEvent event) {
    Instant from = before == null ? event.at() : before.to();
    return new Span(
        subscription.id(),
        before == null ? 1 : before.number() + 1,
        from,
        event.at(),
        before == null ? 0 : before.lastEvent(),
        event.number());
  }

  private static boolean isCut(Subscription subscription, SubscriptionEvent event) {
    return CUTTING.contains(event.act())
        || (SWITCHING.contains(event.act()) && changesInterval(subscription, event.at()));
  }

  /** Of a month and a year the periods end on other days: the usage of the old one is due now. */
  private static boolean changesInterval(Subscription subscription, Instant at) {
    List<Segment> segments = subscription.segments();
    for (int i = 1; i < segments.size(); i++) {
      boolean isThen = segments.get(i).from().equals(at);
      if (isThen
          && !segments.get(i).plan().interval().equals(segments.get(i - 1).plan().interval())) {
        return true;
      }
    }
    return false;
  }
}
