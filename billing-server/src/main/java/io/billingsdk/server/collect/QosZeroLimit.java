package io.billingsdk.server.collect;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many reports that were sent with QoS 0 may wait. Those of QoS 1 are bounded by the broker,
 * which sends no more until some are acknowledged; these are not: beyond a bound they are dropped,
 * which QoS 0 allows, rather than that memory ends. One for all lanes. Thread-safe.
 */
final class QosZeroLimit {
  private static final Logger log = LoggerFactory.getLogger(QosZeroLimit.class);

  /** Messages that may wait. */
  static final int WAITING = 20_000;

  /** So many are dropped, and it is told again. */
  private static final int DROPS_TOLD = 10_000;

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  /** Whether one more may wait; false when it is to be dropped, which is counted. */
  boolean admits() {
    if (waiting.incrementAndGet() <= WAITING) {
      return true;
    }
    waiting.decrementAndGet();
    if (dropped.getAndIncrement() % DROPS_TOLD == 0) {
      log.error(
          "{} reports that were sent with QoS 0 wait for the database: more are dropped, {} until"
              + " now; a producer that sends with QoS 1 loses none",
          WAITING,
          dropped);
    }
    return false;
  }

  /** One waits no longer. */
  void taken() {
    waiting.decrementAndGet();
  }

  /** Messages that were dropped, since the start. */
  long dropped() {
    return dropped.get();
  }
}
