package io.billingsdk.testbed;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The way in which tests and their child processes wait for something: they look again and again,
 * first soon and then less often, and fail when it does not come. A test that sleeps instead is
 * slow on a fast machine and fails on a slow one.
 *
 * <p>Thread-safe; it holds nothing.
 */
public final class Await {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long FIRST_NANOS = 20_000;
  private static final long LONGEST_NANOS = 2_000_000;

  private Await() {}

  /**
   * Waits a minute at most.
   *
   * @throws AssertionError when the condition does not hold by then
   */
  public static void until(BooleanSupplier condition) {
    until(PATIENCE, condition);
  }

  /**
   * Waits until a condition holds.
   *
   * @param patience how long at most, from now on; an interrupt does not end it
   * @param condition what is looked at, on this thread
   * @throws AssertionError when the condition does not hold by then
   */
  public static void until(Duration patience, BooleanSupplier condition) {
    long begun = System.nanoTime();
    long pause = FIRST_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > patience.toNanos()) {
        throw new AssertionError("waited in vain for " + patience);
      }
      Pace.pause(Duration.ofNanos(pause));
      pause = Math.min(2 * pause, LONGEST_NANOS);
    }
  }
}
