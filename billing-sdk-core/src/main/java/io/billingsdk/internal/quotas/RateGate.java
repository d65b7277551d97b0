package io.billingsdk.internal.quotas;

import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.LeaseGrant;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How often a key may be used here: the generic cell rate algorithm over this process's share of
 * the key's rate, in whole calls. Its one number is the moment at which all calls that were let in
 * would have come one interval after the other. Thread-safe; nobody waits.
 */
final class RateGate {
  /** Beyond, the sum of a burst and an interval would leave a long. */
  private static final long LONGEST_NANOS = 1L << 60;

  /** How long a process without a share waits for an answer before it takes the whole rate. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  /** A month in nanoseconds fits into a long. */
  private static final long LONGEST_MILLIS = 31L * 86_400_000;

  private static final BigDecimal SECOND = BigDecimal.valueOf(1_000_000_000);

  private final String keyId;
  private final AtomicLong arrival;
  private final LongAdder asked = new LongAdder();
  private volatile Share whole;
  private volatile @Nullable Share share;

  /** Since when there was no usable share; 0 while there is one. */
  private volatile long withoutSinceNanos;

  private volatile long usedAtNanos;

  /**
   * What may pass.
   *
   * @param number of the share; 0 for the whole rate of the key
   */
  private record Share(long number, long intervalNanos, long burst, long untilNanos) {
    static Share of(long number, BigDecimal perSecond, long burst, long untilNanos) {
      long least = LONGEST_NANOS / Math.max(1, burst);
      long interval =
          perSecond.signum() <= 0 || perSecond.precision() - perSecond.scale() < -18
              ? least
              : SECOND
                  .divide(perSecond, 0, RoundingMode.CEILING)
                  .min(BigDecimal.valueOf(least))
                  .longValue();
      return new Share(number, interval, burst, untilNanos);
    }
  }

  /** Of a key that has no share yet. */
  RateGate(String keyId, KeyRecord.Rate rate, long nowNanos) {
    this.keyId = keyId;
    this.arrival = new AtomicLong(nowNanos);
    this.whole = whole(rate);
    this.withoutSinceNanos = nowNanos;
    this.usedAtNanos = nowNanos;
  }

  private static Share whole(KeyRecord.Rate rate) {
    return Share.of(0, rate.perSecond(), Math.max(1, rate.burst()), 0);
  }

  String keyId() {
    return keyId;
  }

  /** The key has another rate; the share of it that is applied stays until another one comes. */
  void become(KeyRecord.Rate rate) {
    whole = whole(rate);
  }

  /** What a call hears that has no share to pass by: the billing system is asked. */
  static final long NO_SHARE = -1;

  /**
   * Lets a call pass, or not.
   *
   * @param answers whether the billing system is there and gives shares
   * @return 0 when it passes; otherwise the nanoseconds until the next one would, exactly; or
   *     {@link #NO_SHARE}
   */
  long pass(long nowNanos, boolean answers) {
    asked.increment();
    usedAtNanos = nowNanos;
    Share applied = applied(nowNanos, answers);
    return applied == null || applied.burst() == 0 ? NO_SHARE : pass(applied, nowNanos);
  }

  private long pass(Share applied, long nowNanos) {
    long most = applied.burst() * applied.intervalNanos();
    while (true) {
      long before = arrival.get();
      long base = before - nowNanos > 0 ? before : nowNanos;
      long ahead = base + applied.intervalNanos() - nowNanos;
      if (ahead > most) {
        return ahead - most;
      }
      if (arrival.compareAndSet(before, base + applied.intervalNanos())) {
        return 0;
      }
    }
  }

  /**
   * A share that has run out is nobody else's while the billing system is away, or only ours is: it
   * goes on being applied. Where nobody gives shares, each process has the whole rate.
   */
  private @Nullable Share applied(long nowNanos, boolean answers) {
    Share own = share;
    if (own != null && (!answers || nowNanos - own.untilNanos() < 0)) {
      return own;
    }
    return answers || nowNanos - withoutSinceNanos < PATIENCE_NANOS ? null : whole;
  }

  /**
   * A share came.
   *
   * @param countedFromNanos when the time began for which it may be applied
   * @return whether it is applied now
   */
  boolean become(LeaseGrant.RateShare said, long countedFromNanos, long nowNanos) {
    Share own = share;
    if (own != null && said.share() < own.number()) {
      return false;
    }
    Share next =
        Share.of(said.share(), said.perSecond(), said.burst(), until(own, said, countedFromNanos));
    if (own == null || own.number() != next.number()) {
      // What may be called at once moves between processes with the share: it must not be made
      // twice.
      arrival.updateAndGet(before -> moved(before - nowNanos, own, next, said.full()) + nowNanos);
    }
    share = next;
    return true;
  }

  /** An answer that nobody asked for does not say how long: the end stays. */
  private static long until(@Nullable Share own, LeaseGrant.RateShare said, long countedFromNanos) {
    long usable = Math.min(said.expiresInMillis(), LONGEST_MILLIS) * 900_000;
    long until = countedFromNanos + usable;
    return own != null && (said.expiresInMillis() == 0 || own.untilNanos() - until > 0)
        ? own.untilNanos()
        : until;
  }

  /**
   * How far ahead of now the arrival is under another share, so that as many calls may be made at
   * once as before; those of a burst that has grown only if they are nobody else's.
   */
  private static long moved(long ahead, @Nullable Share own, Share next, boolean full) {
    long most = next.burst() * next.intervalNanos();
    if (own == null) {
      return full ? Math.min(ahead, most) : most;
    }
    long free = own.burst() * own.intervalNanos() - Math.max(0, ahead);
    BigDecimal calls =
        BigDecimal.valueOf(Math.max(0, free))
            .divide(BigDecimal.valueOf(own.intervalNanos()), 9, RoundingMode.DOWN)
            .add(BigDecimal.valueOf(full ? Math.max(0, next.burst() - own.burst()) : 0))
            .min(BigDecimal.valueOf(next.burst()));
    return most - calls.multiply(BigDecimal.valueOf(next.intervalNanos())).longValue();
  }

  /** The number of the share that is applied; 0 for none. */
  long number() {
    Share own = share;
    return own == null ? 0 : own.number();
  }

  /** Whether there is no share, or only for a time that is nearly over. */
  boolean isWanting(long nowNanos, long marginNanos) {
    Share own = share;
    return own == null || own.burst() == 0 || own.untilNanos() - nowNanos < marginNanos;
  }

  /** The share was another billing system's. */
  void forget(long nowNanos) {
    share = null;
    withoutSinceNanos = nowNanos;
  }

  /** Calls that asked since the beginning, let in or not. */
  long asked() {
    return asked.sum();
  }

  long usedAtNanos() {
    return usedAtNanos;
  }
}
