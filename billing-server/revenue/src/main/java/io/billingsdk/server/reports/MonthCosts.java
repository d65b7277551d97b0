package io.billingsdk.server.reports;

import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.MeterReader.MeterRange;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanCharge.Kind;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.reports.MonthReport.Cost;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import io.billingsdk.server.subscriptions.SubscriptionLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the subscription of a customer costs in a month. Fees are the lines of the subscription
 * whose time begins in the month. Usage is priced by billing period and segment: the price of the
 * period up to the end of the month, less that up to its beginning. So the months of a period add
 * up to it.
 *
 * <p>For one thread.
 */
final class MonthCosts {
  private final MeterReader meters;
  private final Instant from;
  private final Instant to;
  private final Instant now;
  private final Map<CostPlace, Money> sums = new LinkedHashMap<>();

  /**
   * In a month.
   *
   * @param now by the clock of the customer: a period that begins later costs nothing yet
   */
  MonthCosts(MeterReader meters, ReportMonth month, Instant now) {
    this.meters = meters;
    this.from = month.from();
    this.to = month.to();
    this.now = now;
  }

  private record CostPlace(String kind, String plan, int version, String charge, String name) {}

  /** Adds the fees of a history. */
  void addFees(List<SubscriptionEvent> events) {
    for (SubscriptionEvent event : events) {
      for (SubscriptionLine line : event.lines()) {
        if (!line.from().isBefore(from) && line.from().isBefore(to)) {
          add(
              new CostPlace(
                  line.kind().text(), line.plan(), line.version(), line.charge(), line.name()),
              line.amount());
        }
      }
    }
  }

  /** Adds the usage of a subscription. */
  void addUsage(Subscription subscription) {
    for (Segment segment : subscription.segments()) {
      Instant end = segment.to() == null ? to : earlier(segment.to(), to);
      if (segment.isTrial() || !segment.from().isBefore(earlier(end, now))) {
        continue;
      }
      Instant begin =
          later(segment.from(), subscription.periodAt(later(segment.from(), from)).start());
      while (begin.isBefore(earlier(end, now))) {
        BillingPeriod period = subscription.periodAt(begin);
        Instant over = segment.to() == null ? period.end() : earlier(segment.to(), period.end());
        if (over.isAfter(from)) {
          addPart(subscription, segment, new CostPart(period, begin, over));
        }
        begin = over;
      }
    }
  }

  /** What a segment has of a billing period. */
  private record CostPart(BillingPeriod period, Instant begin, Instant over) {}

  private void addPart(Subscription subscription, Segment segment, CostPart part) {
    for (PlanCharge charge : segment.plan().charges()) {
      if (charge.kind() != Kind.METERED) {
        continue;
      }
      Charge prorated =
          charge
              .charge()
              .prorated(subscription.proration().shareOf(part.period(), part.begin(), part.over()));
      Money until = priced(subscription, charge, prorated, part, to);
      Money before =
          part.begin().isBefore(from)
              ? priced(subscription, charge, prorated, part, from)
              : Money.zero(until.currency());
      add(
          new CostPlace(
              "usage", segment.plan().plan(), segment.plan().version(), charge.id(), charge.name()),
          until.minus(before));
    }
  }

  /** The price of the usage of a part up to a moment. */
  private Money priced(
      Subscription subscription,
      PlanCharge charge,
      Charge prorated,
      CostPart part,
      Instant moment) {
    Instant end = earlier(part.over(), moment);
    boolean isComplete = !part.over().isAfter(moment) && !part.over().isAfter(now);
    MeterRange range = new MeterRange(subscription.customer(), part.begin(), end, MeterQuery.NOW);
    try {
      return prorated
          .rate(meters.usage(charge, range), isComplete ? PeriodPart.COMPLETE : PeriodPart.RUNNING)
          .amount();
    } catch (RatingInputException refused) {
      throw RequestRefusedException.conflict(
          "usage", "the charge " + charge.id() + " has no price for it: " + refused.expectation());
    }
  }

  private void add(CostPlace place, Money amount) {
    sums.merge(place, amount, Money::plus);
  }

  /** All of it, in the order in which it was added. */
  List<Cost> costs() {
    List<Cost> costs = new ArrayList<>();
    sums.forEach(
        (place, amount) ->
            costs.add(
                new Cost(
                    place.kind(),
                    place.plan(),
                    place.version(),
                    place.charge(),
                    place.name(),
                    amount.amount())));
    return costs;
  }

  /** The sum; null without costs. */
  @Nullable Money total() {
    return sums.values().stream().reduce(Money::plus).orElse(null);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
