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
 * @param attempt how long an attempt may take. Each of its steps has a limit of its own; an error
 *     inside the MQTT library can end a step without a word
 */
record RetryPolicy(RetrySchedule soon, RetrySchedule rarely, Duration stable, Duration attempt) {
  /** The preparation, and a moment. */
  private static final Duration BESIDE_TIMEOUTS = Duration.ofSeconds(11);

  /** Socket, TLS, CONNECT, SUBSCRIBE. */
  private static final int TIMEOUTS = 4;

  static RetryPolicy standard(Duration connectTimeout) {
    return with(
        () -> ThreadLocalRandom.current().nextDouble(),
        connectTimeout.multipliedBy(TIMEOUTS).plus(BESIDE_TIMEOUTS));
  }

  static RetryPolicy with(DoubleSupplier random, Duration attempt) {
    return new RetryPolicy(
        new RetrySchedule(Duration.ofMillis(500), Duration.ofSeconds(30), random),
        new RetrySchedule(Duration.ofSeconds(30), Duration.ofMinutes(5), random),
        Duration.ofSeconds(10),
        attempt);
  }
}
