package io.billingsdk.internal.quotas;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A part of a quota that the billing system has debited for this process. All amounts are totals
 * since its beginning: the part in hand is {@code granted - spent}. Guarded by the lock of its
 * {@link QuotaAccount}.
 */
final class Lease implements Offer {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** A month in nanoseconds fits into a long. */
  private static final long LONGEST_MILLIS = 31L * 86_400_000;

  private final String epoch;
  private final long startMillis;

  /** The end of the period: a switch of plans may move it. */
  private long endMillis;

  private BigDecimal granted = BigDecimal.ZERO;
  private BigDecimal spent = BigDecimal.ZERO;
  private BigDecimal askBelow = BigDecimal.ZERO;
  private long untilNanos;
  private long lifeNanos;
  private int admissions;

  /** Place of the last event that may name it; null while admissions are open. */
  private @Nullable Long mark;

  private boolean saidClosed;

  /**
   * A lease of nothing yet.
   *
   * @param endMillis exclusive, as the period's
   */
  Lease(String epoch, long startMillis, long endMillis, long nowNanos) {
    this.epoch = epoch;
    this.startMillis = startMillis;
    this.endMillis = endMillis;
    this.untilNanos = nowNanos;
  }

  String epoch() {
    return epoch;
  }

  long startMillis() {
    return startMillis;
  }

  long endMillis() {
    return endMillis;
  }

  BigDecimal spent() {
    return spent;
  }

  /** Below zero when calls used more than they were admitted with. */
  BigDecimal inHand() {
    return granted.subtract(spent);
  }

  /** The highest total counts: an answer may come twice, late and out of order. */
  void grant(BigDecimal total) {
    granted = granted.max(total);
    askBelow = inHand().multiply(HALF);
  }

  /**
   * It may be spent from for longer; never for less.
   *
   * @param sentNanos when the request was sent, from which the billing system's word counts
   * @param expiresInMillis as the billing system says: a tenth earlier the holder stops
   */
  void extend(long sentNanos, long expiresInMillis) {
    long usableNanos = Math.min(expiresInMillis, LONGEST_MILLIS) * 900_000;
    long until = sentNanos + usableNanos;
    if (lifeNanos == 0 || until - untilNanos > 0) {
      untilNanos = until;
      lifeNanos = usableNanos;
    }
  }

  /** Its period ends at this moment, as the billing system said last. */
  void endAt(long millis) {
    endMillis = millis;
  }

  /** Whether it admits a call at this moment. */
  boolean isUsable(long wallMillis, long nanos) {
    return covers(wallMillis) && nanos - untilNanos < 0;
  }

  boolean covers(long wallMillis) {
    return wallMillis >= startMillis && wallMillis < endMillis;
  }

  /** Whether it is time to ask for more, or for longer. */
  boolean isLow() {
    return inHand().compareTo(askBelow) < 0;
  }

  boolean isHalfOver(long nanos) {
    return untilNanos - nanos < lifeNanos / 2;
  }

  void admit() {
    admissions++;
  }

  void release() {
    admissions--;
  }

  /** Takes an amount, or gives back a negative one. */
  void take(BigDecimal amount) {
    spent = spent.add(amount);
  }

  boolean hasAdmissions() {
    return admissions > 0;
  }

  @Nullable Long mark() {
    return mark;
  }

  void mark(long place) {
    mark = place;
  }

  boolean saidClosed() {
    return saidClosed;
  }

  void sayClosed() {
    saidClosed = true;
  }
}
