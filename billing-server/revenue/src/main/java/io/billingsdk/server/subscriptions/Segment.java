package io.billingsdk.server.subscriptions;

import io.billingsdk.server.catalog.PlanVersion;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a subscription has one version of a plan, half-open: usage of its first moment is
 * inside, that of its end is not. Usage is priced by the segment that its moment is in, so a later
 * change never reprices the past.
 *
 * <p>A segment may be empty: a plan that another one replaces at the same moment. Immutable.
 *
 * @param number from 1, in the order of the changes
 * @param plan the version of the plan
 * @param isTrial whether nothing of it is charged
 * @param from its first moment
 * @param to the moment after its last; null while it runs
 */
public record Segment(
    int number, PlanVersion plan, boolean isTrial, Instant from, @Nullable Instant to) {
  /** Refuses one that ends before it begins. */
  public Segment {
    Objects.requireNonNull(plan, "plan");
    if (to != null && to.isBefore(from)) {
      throw new IllegalArgumentException("to must be at or after from, " + from + ", but is " + to);
    }
  }

  /** Whether a moment is in it. */
  public boolean contains(Instant moment) {
    return !moment.isBefore(from) && (to == null || moment.isBefore(to));
  }

  Segment endingAt(Instant end) {
    return new Segment(number, plan, isTrial, from, end);
  }
}
