package io.billingsdk.server.quotas;

import io.billingsdk.rating.BillingPeriod;
import java.time.Instant;
import java.util.function.Function;

/**
 * The periods of a subscription, or the months of its customer. It remembers the last one: most
 * events are of the same period, and to reckon it takes longer than to count them. Thread-safe.
 */
final class PlanCalendar implements QuotaCalendar {
  private final Function<Instant, BillingPeriod> periods;
  private volatile QuotaPeriod last = ALWAYS;

  PlanCalendar(Function<Instant, BillingPeriod> periods) {
    this.periods = periods;
  }

  @Override
  public QuotaPeriod at(Instant moment) {
    QuotaPeriod known = last;
    if (known.equals(ALWAYS) || !known.contains(moment)) {
      BillingPeriod found = periods.apply(moment);
      known = new QuotaPeriod(found.start(), found.end());
      last = known;
    }
    return known;
  }
}
