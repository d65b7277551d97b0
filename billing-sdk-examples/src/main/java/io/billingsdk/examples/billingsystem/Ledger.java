package io.billingsdk.examples.billingsystem;

import io.billingsdk.examples.usage.UsageLine;
import io.billingsdk.examples.usage.UsageSums;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reports that arrived, in memory: each counted once, by {@code (stream, seq)}. One without
 * them cannot be told from a repeat, and is counted each time. Thread-safe.
 */
public final class Ledger {
  /** The application of a key that was not issued here. */
  public static final String UNKNOWN_APP = "(unknown)";

  private static final Logger log = LoggerFactory.getLogger(Ledger.class);

  private final KeyRegister keys;
  private final UsageSums sums = new UsageSums();
  private final Object lock = new Object();

  // Guarded by lock.
  private final Set<V1Messages.EventId> seen = new HashSet<>();
  private long stored;
  private long duplicates;
  private long malformed;

  /**
   * What arrived.
   *
   * @param stored counted in the sums
   * @param duplicates recognised as a repeat and not counted again
   * @param malformed refused
   */
  public record Figures(long stored, long duplicates, long malformed) {}

  Ledger(KeyRegister keys) {
    this.keys = keys;
  }

  /** Takes a message of the report topic in. */
  void receive(byte[] message) {
    V1Messages.Report report;
    try {
      report = V1Messages.report(message);
    } catch (IOException refused) {
      log.warn("a report of {} bytes is refused: {}", message.length, refused.getMessage());
      synchronized (lock) {
        malformed++;
      }
      return;
    }
    synchronized (lock) {
      if (report.id() != null && !seen.add(report.id())) {
        duplicates++;
        return;
      }
      IssuedKey key = keys.find(report.apiKey());
      sums.add(
          new UsageLine.Subject(
              key == null ? UNKNOWN_APP : key.appId(),
              KeyRegister.keyId(report.apiKey()),
              report.module(),
              report.model()),
          report.usage());
      stored++;
      lock.notifyAll();
    }
  }

  /** What arrived until now. */
  public Figures figures() {
    synchronized (lock) {
      return new Figures(stored, duplicates, malformed);
    }
  }

  /** The sums by key, module and model. */
  public List<UsageLine> lines() {
    return sums.lines();
  }

  /**
   * Waits until so many reports are stored.
   *
   * @return false when the time ran out, or the thread was interrupted
   */
  public boolean awaitStored(long events, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      try {
        while (stored < events) {
          long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
          if (leftMillis <= 0) {
            return false;
          }
          lock.wait(leftMillis);
        }
        return true;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
