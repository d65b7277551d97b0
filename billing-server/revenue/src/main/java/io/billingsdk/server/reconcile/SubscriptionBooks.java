package io.billingsdk.server.reconcile;

import io.billingsdk.server.invoices.BilledUsage.BilledTime;
import io.billingsdk.server.invoices.BilledUsage.BillingState;
import io.billingsdk.server.subscriptions.Segment;
import io.billingsdk.server.subscriptions.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A subscription and how far it is billed. A pure function of both. Immutable.
 *
 * @param times without gaps, in order
 */
record SubscriptionBooks(Subscription subscription, List<BilledTime> times) {
  /** Copies the list. */
  SubscriptionBooks {
    times = List.copyOf(times);
  }

  /** Whether a moment is between its first one and its last. */
  boolean spans(Instant moment) {
    List<Segment> segments = subscription.segments();
    if (segments.isEmpty() || moment.isBefore(segments.get(0).from())) {
      return false;
    }
    Instant end = segments.get(segments.size() - 1).to();
    return end == null || moment.isBefore(end);
  }

  /** The time that a moment is billed with; empty if none is noted yet. */
  Optional<BilledTime> timeAt(Instant moment) {
    return times.stream()
        .filter(each -> !moment.isBefore(each.from()) && moment.isBefore(each.to()))
        .findFirst();
  }

  /** The cut by which it was billed last: each bill rates all earlier times again. */
  long lastCut() {
    long last = -1;
    for (BilledTime each : times) {
      Long cut = each.cut();
      last = cut == null ? last : Math.max(last, cut);
    }
    return last;
  }

  /** What becomes of usage of a moment in a segment of it. */
  UsageFate fate(Segment segment, Instant moment) {
    if (segment.isTrial()) {
      return UsageFate.TRIAL;
    }
    Optional<BilledTime> time = timeAt(moment);
    if (time.isEmpty()) {
      boolean isLater = times.isEmpty() || !moment.isBefore(times.get(times.size() - 1).to());
      return isLater ? UsageFate.RUNNING : UsageFate.UNEXPLAINED;
    }
    BillingState state = time.get().state();
    return switch (state) {
      case OPEN -> time.get().failure() == null ? UsageFate.WAITING : UsageFate.FAILED;
      case BEFORE_START -> UsageFate.BEFORE_BILLING;
      case BILLED, EMPTY -> UsageFate.RATED;
    };
  }
}
