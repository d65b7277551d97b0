package io.billingsdk.server.ledger;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts messages of instances about streams that are not theirs, or beyond the bounds, and logs
 * them: one line in ten seconds, however many come. Thread-safe.
 */
public final class Strangers {
  private static final Logger log = LoggerFactory.getLogger(Strangers.class);
  private static final long PAUSE_NANOS = 10_000_000_000L;

  private final LongAdder refused = new LongAdder();
  private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());
  private final AtomicLong unsaid = new AtomicLong();

  /** None yet. */
  public Strangers() {}

  /** How many messages, or events of them, were refused. */
  public long refused() {
    return refused.sum();
  }

  /**
   * Counts a refusal.
   *
   * @param what was refused, as {@code a sign of life}
   * @param instance who sent it; null for protocol v1
   */
  public void refuse(String what, UUID stream, @Nullable String instance, String why) {
    refused.increment();
    long due = silentUntil.get();
    long now = System.nanoTime();
    if (now - due < 0 || !silentUntil.compareAndSet(due, now + PAUSE_NANOS)) {
      unsaid.incrementAndGet();
      return;
    }
    log.warn(
        "{} of the stream {} from {} is refused: {}; {} others since the last line",
        what,
        stream,
        instance == null ? "a client of protocol v1" : instance,
        why,
        unsaid.getAndSet(0));
  }
}
