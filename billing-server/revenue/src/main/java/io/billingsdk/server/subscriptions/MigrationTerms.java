package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.PriceChange.Timing;
import org.jspecify.annotations.Nullable;

/**
 * Which subscriptions get which version of their plan.
 *
 * @param plan the id of the plan
 * @param fromVersion only those that have this version; null for all others than the new one
 * @param toVersion the version that they get
 * @param timing when each of them gets it
 */
record MigrationTerms(String plan, @Nullable Integer fromVersion, int toVersion, Timing timing) {
  /** Whether the subscription of a course has a version that these terms mean. */
  boolean isFor(Course course) {
    Subscription found = course.found();
    return fromVersion == null || (found != null && found.plan().version() == fromVersion);
  }
}
