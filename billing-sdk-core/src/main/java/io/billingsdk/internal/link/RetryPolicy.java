package io.billingsdk.internal.link;

import io.billingsdk.internal.time.RetrySchedule;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * When to try again.
 *
 * @param soon after failures that may pass by themselves
 * @param rarely after refusals
 * @param stable how long a connection must have held for earlier failures to be forgotten; without
 *     it a broker that accepts and drops at once would be called in a hot loop
 */
record RetryPolicy(RetrySchedule soon, RetrySchedule rarely, Duration stable) {

  static RetryPolicy standard() {
    return with(() -> ThreadLocalRandom.current().nextDouble());
  }

  static RetryPolicy with(DoubleSupplier random) {
    return new RetryPolicy(
        new RetrySchedule(Duration.ofMillis(500), Duration.ofSeconds(30), random),
        new RetrySchedule(Duration.ofSeconds(30), Duration.ofMinutes(5), random),
        Duration.ofSeconds(10));
  }
}
