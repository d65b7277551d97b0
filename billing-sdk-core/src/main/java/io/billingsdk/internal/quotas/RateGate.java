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

  private static final long YOUNG_NANOS = 2_000_000_000;

  /** A month in nanoseconds fits into a long. */
  private static final long LONGEST_MILLIS = 31L * 86_400_000;

  private static final BigDecimal SECOND = BigDecimal.valueOf(1_000_000_000);

  private final String keyId;
  private final AtomicLong arrival;
  private final LongAdder asked = new LongAdder();
  private final long createdNanos;

  /** When a share began that nobody had here before. */
  private volatile long beganNanos;

  private volatile Share whole;
  private volatile @Nullable Share share;

  /** Since when there was no usable share; 0 while there is one. */
  private volatile long withoutSinceNanos;

  private volatile long usedAtNanos;
  private volatile boolean forgotten;

  /**
   * What may pass.
   *
   * @param number of the share; 0 for the whole rate of the key
   * @param untilNanos when this process stops to apply it
   * @param endNanos from when on the billing system may give it to others
   */
  private record Share(
      long number, long intervalNanos, long burst, long untilNanos, long endNanos) {
    static Share of(long number, BigDecimal perSecond, long burst, long untilNanos, long endNanos) {
      long least = LONGEST_NANOS / Math.max(1, burst);
      long interval =
          perSecond.signum() <= 0 || perSecond.precision() - perSecond.scale() < -18
              ? least
              : SECOND
                  .divide(perSecond, 0, RoundingMode.CEILING)
                  .min(BigDecimal.valueOf(least))
                  .longValue();
      return new Share(number, interval, burst, untilNanos, endNanos);
    }
  }

  /** Of a key that has no share yet. */
  RateGate(String keyId, KeyRecord.Rate rate, long nowNanos) {
    this.keyId = keyId;
    this.arrival = new AtomicLong(nowNanos);
    this.createdNanos = nowNanos;
    this.beganNanos = nowNanos;
    this.whole = whole(rate);
    this.withoutSinceNanos = nowNanos;
    this.usedAtNanos = nowNanos;
  }

  private static Share whole(KeyRecord.Rate rate) {
    return Share.of(0, rate.perSecond(), Math.max(1, rate.burst()), 0, 0);
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
    boolean lost = own != null && countedFromNanos - own.endNanos() >= 0;
    // The billing system has forgotten a share that it may have given to others, and counts from 1
    // again: its answer is not an earlier one.
    boolean begins = lost && said.expiresInMillis() > 0;
    if (own != null && said.share() < own.number() && !begins) {
      return false;
    }
    Share next = next(own, said, countedFromNanos);
    if (!isSame(own, next, lost)) {
      // What may be called at once moves between processes with the share: it must not be made
      // twice. Of one that was lost, others may have made it.
      Share moving = lost ? null : own;
      arrival.updateAndGet(
          before -> moved(before - nowNanos, moving, next, said.full()) + nowNanos);
    }
    if (own == null || lost) {
      beganNanos = nowNanos;
    }
    share = next;
    return true;
  }

  /** The first share after a lost one may have its number: only later numbers say that it lasts. */
  private static boolean isSame(@Nullable Share own, Share next, boolean lost) {
    return own != null && own.number() == next.number() && (!lost || own.number() > 1);
  }

  /** An answer that nobody asked for does not say how long: the end stays. */
  private static Share next(@Nullable Share own, LeaseGrant.RateShare said, long countedFromNanos) {
    long millis = Math.min(said.expiresInMillis(), LONGEST_MILLIS);
    long until = countedFromNanos + millis * 900_000;
    long end = countedFromNanos + millis * 1_000_000;
    if (own != null && (millis == 0 || own.untilNanos() - until > 0)) {
      until = own.untilNanos();
      end = own.endNanos();
    }
    return Share.of(said.share(), said.perSecond(), said.burst(), until, end);
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

  /** Whether no call can pass before the billing system gives a share. */
  boolean isShutOut(long nowNanos) {
    Share own = share;
    return own == null || own.burst() == 0 || own.untilNanos() - nowNanos <= 0;
  }

  /** Whether its share is so new that the billing system may not know the demand yet. */
  boolean isYoung(long nowNanos) {
    return nowNanos - beganNanos < YOUNG_NANOS;
  }

  /** Whether no call can pass, or not even half of these calls a second under a new share. */
  boolean isShort(long nowNanos, long callsOfSecond) {
    Share own = share;
    return isShutOut(nowNanos)
        || (own != null
            && isYoung(nowNanos)
            && callsOfSecond / 2 > SECOND.longValue() / Math.max(1, own.intervalNanos()));
  }

  long createdNanos() {
    return createdNanos;
  }

  /**
   * Nobody is to use it from now on, unless somebody has used it meanwhile.
   *
   * @return whether it is forgotten. A call that passes after that sees {@link #isForgotten}
   */
  boolean forgetUnused(long nowNanos, long idleNanos) {
    forgotten = true;
    if (nowNanos - usedAtNanos > idleNanos) {
      return true;
    }
    forgotten = false;
    return false;
  }

  boolean isForgotten() {
    return forgotten;
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
