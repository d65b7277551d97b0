package io.billingsdk.internal.quotas;

import io.billingsdk.Entitlements;
import io.billingsdk.protocol.LeaseGrant;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the billing system said last of a quota in a period.
 *
 * @param limit null for none
 * @param used by anybody, or leased to anybody: also what this process has in hand
 * @param refusal why nothing more was granted; null when there was no reason
 * @param retryAtNanos when it makes sense to ask for more
 */
record QuotaAnswer(
    long startMillis,
    long endMillis,
    @Nullable BigDecimal limit,
    BigDecimal used,
    LeaseGrant.@Nullable Refusal refusal,
    long retryAtNanos) {
  private static final long MOST_MILLIS = 3_600_000;

  /** Of a quota that nobody knows: its key's record is about to change. */
  private static final long UNKNOWN_MILLIS = 10_000;

  static QuotaAnswer of(LeaseGrant.Lease said, Moment now) {
    long retryMillis =
        said.refusal() == LeaseGrant.Refusal.UNKNOWN
            ? Math.max(UNKNOWN_MILLIS, said.retryInMillis())
            : said.retryInMillis();
    return new QuotaAnswer(
        said.periodStartMillis(),
        said.periodEndMillis(),
        said.limit(),
        said.used(),
        said.refusal(),
        now.nanos() + Math.min(retryMillis, MOST_MILLIS) * 1_000_000);
  }

  /** Whether nothing is left to anybody in the period of this moment. */
  boolean isExhausted(long wallMillis) {
    return refusal == LeaseGrant.Refusal.EXHAUSTED
        && wallMillis >= startMillis
        && wallMillis < endMillis;
  }

  /** Whether the billing system has said that asking for more makes no sense yet. */
  boolean isToWait(Moment now) {
    return refusal != null
        && now.nanos() - retryAtNanos < 0
        && (refusal == LeaseGrant.Refusal.UNKNOWN || isExhausted(now.wallMillis()));
  }

  /** For callers: the amount in hand here counts as unused. */
  Entitlements.Quota shown(QuotaTerms terms, BigDecimal inHandNow) {
    BigDecimal most = limit == null ? BigDecimal.valueOf(1L << 53) : limit;
    return Entitlements.Quota.of(
        terms.meter(),
        most,
        used.subtract(inHandNow).max(BigDecimal.ZERO),
        endMillis == 0 ? null : Instant.ofEpochMilli(endMillis),
        terms.overage());
  }
}
