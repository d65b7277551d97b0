package io.billingsdk.server.ingest;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many reports that were sent with QoS 0 may wait, and with how many bytes. Those of QoS 1 are
 * bounded by the broker, which sends no more until some are acknowledged; these are not: beyond a
 * bound they are dropped, which QoS 0 allows, rather than that memory ends. A login may have as
 * many as are free: one that floods leaves room for the others. One for all lanes. Thread-safe.
 */
final class QosZeroLimit {
  private static final Logger log = LoggerFactory.getLogger(QosZeroLimit.class);

  /** Messages that may wait. */
  static final int WAITING = 20_000;

  /** Bytes of them. */
  static final long WAITING_BYTES = 16L << 20;

  /** After so many dropped ones, it is logged again. */
  private static final int DROPS_TOLD = 10_000;

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Whether one more may wait; false when it is to be dropped, which is counted.
   *
   * @param ofLogin messages of its login that wait already
   */
  boolean admits(int ofLogin, int bytes) {
    int free = WAITING - waiting.get();
    if (ofLogin < free && waitingBytes.get() + bytes <= WAITING_BYTES) {
      again(bytes);
      return true;
    }
    if (dropped.getAndIncrement() % DROPS_TOLD == 0) {
      log.error(
          "{} reports that were sent with QoS 0 wait for the database: more are dropped, {} until"
              + " now; an instance that sends with QoS 1 loses none",
          waiting,
          dropped);
    }
    return false;
  }

  /** One that was taken waits again. */
  void again(int bytes) {
    waiting.incrementAndGet();
    waitingBytes.addAndGet(bytes);
  }

  /** One waits no longer. */
  void taken(int bytes) {
    waiting.decrementAndGet();
    waitingBytes.addAndGet(-bytes);
  }

  /** Messages that were dropped, since the start. */
  long dropped() {
    return dropped.get();
  }
}
