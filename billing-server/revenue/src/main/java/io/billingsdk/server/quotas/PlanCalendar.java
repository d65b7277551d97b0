package io.billingsdk.server.quotas;

import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The periods of a subscription, or the months of its customer. A change between plans of a month
 * and of a year never moves the beginning of the running period, so its counter stays. It moves the
 * end alone: to the end that the new plan's billing period has.
 *
 * <p>It remembers the last period: most events are of the same one, and to reckon it takes longer
 * than to count them. Thread-safe.
 */
final class PlanCalendar implements QuotaCalendar {
  /**
   * How long after a change of plans the periods are still those of the plan before. A change may
   * be dated back by an hour, and services may hold leases of a period that begins in minutes: no
   * period that somebody may have counted in vanishes.
   */
  static final Duration DELAY = Duration.ofHours(2);

  private final List<Stretch> stretches;
  private volatile QuotaPeriod last = ALWAYS;

  /** By stretches in order; the first one is for all time before the second, too. */
  PlanCalendar(List<Stretch> stretches) {
    this.stretches = List.copyOf(stretches);
  }

  /** A time in which periods have one length. */
  record Stretch(Instant from, Function<Instant, BillingPeriod> periods) {
    /** The first moment at or after its beginning at which a period begins. */
    private Instant firstEdge() {
      BillingPeriod period = periods.apply(from);
      return period.start().equals(from) ? from : period.end();
    }
  }

  /** The months of the calendar in the zone of the customer. */
  static PlanCalendar months(Subscription subscription) {
    return new PlanCalendar(List.of(new Stretch(Instant.MIN, subscription::monthAt)));
  }

  /** The billing periods of a subscription. */
  static PlanCalendar billingPeriods(Subscription subscription) {
    List<Stretch> stretches = new ArrayList<>();
    Segment before = null;
    for (Segment each : subscription.segments()) {
      boolean isAsBefore =
          before != null && before.plan().interval().equals(each.plan().interval());
      if (!isAsBefore) {
        Instant from = before == null ? Instant.MIN : each.from().plus(DELAY);
        stretches.add(new Stretch(from, moment -> subscription.periodAt(moment, each.plan())));
        before = each;
      }
    }
    return new PlanCalendar(stretches);
  }

  @Override
  public QuotaPeriod at(Instant moment) {
    QuotaPeriod known = last;
    if (known.equals(ALWAYS) || !known.contains(moment)) {
      known = reckon(moment);
      last = known;
    }
    return known;
  }

  private QuotaPeriod reckon(Instant moment) {
    int i = stretches.size() - 1;
    while (i > 0 && moment.isBefore(stretches.get(i).from())) {
      i--;
    }
    BillingPeriod own = stretches.get(i).periods().apply(moment);
    return new QuotaPeriod(start(i, own.start()), end(i, own.end()));
  }

  /** The last beginning up to a moment in a stretch: the one found, or one of a stretch before. */
  private Instant start(int found, Instant start) {
    int i = found;
    Instant edge = start;
    while (i > 0 && edge.isBefore(stretches.get(i).from())) {
      Instant until = stretches.get(i--).from();
      edge = stretches.get(i).periods().apply(until.minusMillis(1)).start();
    }
    return edge;
  }

  /** The first beginning after a moment in a stretch: the one found, or one of a stretch after. */
  private Instant end(int found, Instant end) {
    int i = found;
    Instant edge = end;
    while (i + 1 < stretches.size() && !edge.isBefore(stretches.get(i + 1).from())) {
      edge = stretches.get(++i).firstEdge();
    }
    return edge;
  }
}
