package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.server.catalog.PlanVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a customer has a version of a plan, half-open and never empty, with the recurring
 * revenue of it. Immutable.
 *
 * @param monthly the fixed fees of a month; 0 in a trial
 * @param to the end, exclusive; null while it runs
 */
public record PlanTime(String customer, Money monthly, Instant from, @Nullable Instant to) {
  /** As invoices count days: a year has twelve months, and 400 years have 146,097 days. */
  private static final Fraction WEEKS_A_MONTH =
      Fraction.of(146_097, 7).dividedBy(Fraction.of(4_800));

  static PlanTime of(String customer, Segment segment) {
    PlanVersion plan = segment.plan();
    Money monthly = segment.isTrial() ? Money.zero(plan.currency()) : monthly(plan);
    return new PlanTime(customer, monthly, segment.from(), segment.to());
  }

  /** The fixed fees of a period, on average by the month; rounded once, so that sums are exact. */
  static Money monthly(PlanVersion plan) {
    BillingInterval each = plan.interval();
    Fraction inPeriod =
        switch (each.unit()) {
          case WEEK -> WEEKS_A_MONTH;
          case MONTH -> Fraction.ONE;
          case YEAR -> Fraction.of(1, 12);
        };
    Fraction exact =
        Prices.ofPeriod(plan).exactly().times(inPeriod).dividedBy(Fraction.of(each.count()));
    return Money.rounded(plan.currency(), exact);
  }

  /** Whether a moment is in it. */
  public boolean contains(Instant moment) {
    return !moment.isBefore(from) && (to == null || moment.isBefore(to));
  }
}
