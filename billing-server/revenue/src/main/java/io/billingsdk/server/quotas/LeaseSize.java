package io.billingsdk.server.quotas;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * How much a holder is granted. Half of what remains is divided among the holders, so that a lease
 * grows smaller as a quota comes to its end, and somebody who comes late finds something.
 */
final class LeaseSize {
  private static final BigDecimal HALF = new BigDecimal("0.5");
  private static final BigDecimal TENTH = new BigDecimal("0.1");
  private static final int DECIMALS = 18;

  private LeaseSize() {}

  /**
   * The size of the next grant.
   *
   * @param remaining the part that is neither settled nor leased; null where there is no bound
   * @param limit of the quota
   * @param holders that have a lease, this one among them
   * @param inHand what this one has
   * @param want what it would have at least; 0 for no more
   * @return from 0 to {@code remaining}
   */
  static BigDecimal more(
      @Nullable BigDecimal remaining,
      BigDecimal limit,
      int holders,
      BigDecimal inHand,
      BigDecimal want) {
    if (want.signum() <= 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal usual = remaining == null ? limit.multiply(TENTH) : remaining.multiply(HALF);
    BigDecimal part = usual.divide(BigDecimal.valueOf(holders), DECIMALS, RoundingMode.DOWN);
    // A quota of calls is leased in whole calls.
    BigDecimal share =
        part.compareTo(BigDecimal.ONE) < 0 ? part : part.setScale(0, RoundingMode.DOWN);
    BigDecimal target = isWhole(want) ? share.setScale(0, RoundingMode.DOWN) : share;
    BigDecimal wanted = target.max(want).subtract(inHand);
    BigDecimal more = remaining == null ? wanted : wanted.min(remaining);
    return more.max(BigDecimal.ZERO);
  }

  private static boolean isWhole(BigDecimal amount) {
    return amount.stripTrailingZeros().scale() <= 0;
  }
}
