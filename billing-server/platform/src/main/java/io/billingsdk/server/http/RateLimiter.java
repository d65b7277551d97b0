package io.billingsdk.server.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A token bucket for each of many names: so many at once, and so many per period in the long run.
 * Kept as in the generic cell rate algorithm: of each name only the moment at which its bucket is
 * full again. Of at most {@value #NAMES} names, those that were used last; a forgotten name begins
 * afresh. Thread-safe.
 */
final class RateLimiter {
  static final int NAMES = 10_000;

  private final long periodNanos;
  private final long intervalNanos;
  private final LongSupplier nanos;

  /** When the bucket of a name is full again; the one that was used longest ago is the first. */
  private final Map<String, Long> full =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > NAMES;
        }
      };

  /**
   * Without any name yet.
   *
   * @param most at once, and in a period
   * @param nanos the time as {@link System#nanoTime} has it
   */
  RateLimiter(int most, Duration period, LongSupplier nanos) {
    this.periodNanos = period.toNanos();
    this.intervalNanos = periodNanos / most;
    this.nanos = nanos;
  }

  /**
   * Takes one for a name, if there is one.
   *
   * @return zero, or how long it is until there is one, if nobody else takes it
   */
  synchronized Duration take(String name) {
    long now = nanos.getAsLong();
    Duration wait = until(name, now);
    if (wait.isZero()) {
      full.put(name, fullAt(name, now) + intervalNanos);
    }
    return wait;
  }

  /** How long it is until there is one for a name, which stays there; zero when there is. */
  synchronized Duration wait(String name) {
    return until(name, nanos.getAsLong());
  }

  /** Whether a name has taken one, and was not forgotten since. */
  synchronized boolean knows(String name) {
    return full.containsKey(name);
  }

  /** Of how many it knows. */
  synchronized int names() {
    return full.size();
  }

  /** Lets a name begin afresh. */
  synchronized void forget(String name) {
    full.remove(name);
  }

  private Duration until(String name, long now) {
    return Duration.ofNanos(Math.max(0, fullAt(name, now) + intervalNanos - now - periodNanos));
  }

  /** By differences: the time of {@link System#nanoTime} may be negative, and overflow. */
  private long fullAt(String name, long now) {
    Long at = full.get(name);
    return at == null || at - now < 0 ? now : at;
  }
}
