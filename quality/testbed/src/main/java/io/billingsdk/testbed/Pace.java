package io.billingsdk.testbed;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Time that is part of what a test does: the rate of a load, the length of an outage, the moment of
 * a kill. It is no way to wait for something, which {@link Await} is. No other code of the tests
 * sleeps.
 *
 * <p>Thread-safe; it holds nothing.
 */
public final class Pace {
  private Pace() {}

  /** Lets some time pass; an interrupt does not end it, and stays. */
  public static void pause(Duration time) {
    until(System.nanoTime() + time.toNanos());
  }

  /**
   * Lets time pass until a moment; returns at once when it is over.
   *
   * @param dueNanos by {@link System#nanoTime()}
   */
  public static void until(long dueNanos) {
    boolean interrupted = false;
    for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      // A thread that is interrupted does not park: it would only burn time.
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Lets some microseconds pass without giving the processor away, which takes longer than that.
   */
  public static void spin(long nanos) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < nanos) {
      Thread.onSpinWait();
    }
  }
}
