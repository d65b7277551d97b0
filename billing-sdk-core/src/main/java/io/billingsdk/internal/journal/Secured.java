package io.billingsdk.internal.journal;

import java.time.Duration;

/**
 * How far a journal is known to be on disk, for those who wait for it while the process ends.
 * Thread-safe.
 */
final class Secured {
  private final Object lock = new Object();

  /** Both guarded by lock. */
  private long upTo;

  private boolean ended;

  /** Everything up to this number is on disk. */
  void upTo(long seq) {
    synchronized (lock) {
      if (seq > upTo) {
        upTo = seq;
        lock.notifyAll();
      }
    }
  }

  /** There is nothing more to wait for. */
  void end() {
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }

  /** Waits; whether it was worth it. An interrupt ends the wait, and stays. */
  boolean await(long seq, Duration patience) {
    long untilNanos = System.nanoTime() + patience.toNanos();
    synchronized (lock) {
      while (upTo < seq && !ended) {
        long leftMillis = (untilNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
          return false;
        }
        try {
          lock.wait(leftMillis);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }

  /** How many of these numbers are not known to be on disk. */
  long missing(long lastSeq) {
    synchronized (lock) {
      return Math.max(0, lastSeq - upTo);
    }
  }
}
