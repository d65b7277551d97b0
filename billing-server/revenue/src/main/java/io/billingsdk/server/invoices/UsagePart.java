package io.billingsdk.server.invoices;

import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Fraction;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a span in which one version of a plan prices the usage of one billing period. Tiers and
 * included quantities begin again with each part, and included quantities are prorated.
 *
 * @param number from 1 within the span
 * @param share of the period that the part is, 0 to 1
 */
record UsagePart(
    int number, PlanVersion plan, BillingPeriod period, Instant from, Instant to, Fraction share) {

  /** The parts of a time, without trials and pauses. */
  static List<UsagePart> of(Subscription subscription, Instant from, Instant to) {
    List<UsagePart> parts = new ArrayList<>();
    for (Segment segment : subscription.segments()) {
      Instant begin = later(segment.from(), from);
      Instant end = segment.to() == null ? to : earlier(segment.to(), to);
      while (!segment.isTrial() && begin.isBefore(end)) {
        BillingPeriod period = subscription.periodAt(begin);
        Instant stop = earlier(period.end(), end);
        Fraction share = subscription.proration().shareOf(period, begin, stop);
        parts.add(new UsagePart(parts.size() + 1, segment.plan(), period, begin, stop, share));
        begin = stop;
      }
    }
    return parts;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
