package io.billingsdk.server.costs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When the pump gives way to the intake. While usage comes faster than costs can be made, the queue
 * grows in any case, and on a machine that is full each cost slows the intake down. Then the pump
 * works half of the time. While it keeps up, it does not wait. It knows the intake of its own
 * server alone. Thread-safe.
 */
final class GivingWay {
  private static final Duration MOST = Duration.ofMillis(500);

  private final AtomicLong noted = new AtomicLong();
  private final AtomicLong waitedNanos = new AtomicLong();

  /** The intake has noted so many events. */
  void noted(int events) {
    noted.addAndGet(events);
  }

  /** The pump begins a step. */
  void begin() {
    noted.set(0);
  }

  /**
   * How long the pump waits after a step.
   *
   * @param made for how many events the step has made costs
   * @param took how long the step took
   */
  Duration after(int made, Duration took) {
    if (noted.get() <= made) {
      return Duration.ZERO;
    }
    return took.compareTo(MOST) < 0 ? took : MOST;
  }

  /** Waits as {@link #after} says. */
  void giveWay(int made, Duration took) throws InterruptedException {
    Duration pause = after(made, took);
    Thread.sleep(pause.toMillis());
    waitedNanos.addAndGet(pause.toNanos());
  }

  /** How long it has waited in all. */
  Duration waited() {
    return Duration.ofNanos(waitedNanos.get());
  }
}
