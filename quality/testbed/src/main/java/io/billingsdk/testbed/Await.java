package io.billingsdk.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way in which tests and their child processes wait for something: they look again and again,
 * first soon and then less often, and fail when it does not come. A test that sleeps instead is
 * slow on a fast machine and fails on a slow one.
 *
 * <p>Thread-safe; it holds nothing.
 */
public final class Await {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration FOREVER = Duration.ofDays(1_000);
  private static final long FIRST_NANOS = 20_000;
  private static final long LONGEST_NANOS = 2_000_000;

  private Await() {}

  /**
   * Waits three minutes at most.
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
   * @param condition the value looked at, on this thread
   * @throws AssertionError when the condition does not hold by then
   */
  public static void until(Duration patience, BooleanSupplier condition) {
    if (!holds(patience, condition)) {
      throw new AssertionError("waited in vain for " + patience);
    }
  }

  /**
   * Waits until a condition holds, and lets the caller judge when it does not.
   *
   * @param patience how long at most, from now on; an interrupt does not end it
   * @param condition the value looked at, on this thread
   * @return false when the condition did not hold in time
   */
  public static boolean holds(Duration patience, BooleanSupplier condition) {
    long begun = System.nanoTime();
    long pause = FIRST_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > patience.toNanos()) {
        return false;
      }
      Pace.pause(Duration.ofNanos(pause));
      pause = Math.min(2 * pause, LONGEST_NANOS);
    }
    return true;
  }

  /**
   * Waits until there is something, for as long as the process lives: for a thread that serves
   * until its process is killed.
   *
   * @param source looked at on this thread; null when there is nothing yet
   */
  public static <T> T present(Supplier<? extends @Nullable T> source) {
    List<T> found = new ArrayList<>();
    until(
        FOREVER,
        () -> {
          T value = source.get();
          return value != null && found.add(value);
        });
    return found.get(0);
  }
}
