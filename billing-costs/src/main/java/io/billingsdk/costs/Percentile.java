package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Percentiles of whole numbers, exactly. {@link #linear} is PostgreSQL's {@code percentile_cont},
 * {@link #nearestRank} its {@code percentile_disc}. An average of percentiles is neither.
 */
public final class Percentile {
  private static final BigDecimal HUNDRED = new BigDecimal("100");

  private Percentile() {}

  /**
   * The value at this share of the way from the smallest to the greatest, between two values in
   * proportion.
   *
   * @param sorted at least one, ascending
   * @param percent 0 to 100
   */
  public static BigDecimal linear(List<Long> sorted, BigDecimal percent) {
    requireSome(sorted.size());
    return at(sorted.size(), percent, rank -> sorted.get((int) rank));
  }

  /**
   * The smallest value that at least so many per cent of all values do not exceed.
   *
   * @param sorted at least one, ascending
   * @param percent 0 to 100
   */
  public static long nearestRank(List<Long> sorted, BigDecimal percent) {
    requireSome(sorted.size());
    BigDecimal[] rank =
        requirePercent(percent)
            .multiply(BigDecimal.valueOf(sorted.size()))
            .divideAndRemainder(HUNDRED);
    long above = rank[0].longValueExact() + rank[1].signum();
    return sorted.get((int) Math.max(0, above - 1));
  }

  /** The value at a rank that may be between two. */
  static BigDecimal at(long count, BigDecimal percent, LongUnaryOperator valueAt) {
    BigDecimal rank =
        requirePercent(percent).multiply(BigDecimal.valueOf(count - 1)).scaleByPowerOfTen(-2);
    long below = rank.toBigInteger().longValueExact();
    BigDecimal share = rank.subtract(BigDecimal.valueOf(below));
    BigDecimal low = BigDecimal.valueOf(valueAt.applyAsLong(below));
    if (share.signum() == 0) {
      return low;
    }
    BigDecimal high = BigDecimal.valueOf(valueAt.applyAsLong(below + 1));
    BigDecimal value = low.add(high.subtract(low).multiply(share));
    return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }

  private static BigDecimal requirePercent(BigDecimal percent) {
    if (percent.signum() < 0 || percent.compareTo(HUNDRED) > 0) {
      throw new CostInputException("percent", "0 to 100", percent);
    }
    return percent;
  }

  private static void requireSome(int count) {
    if (count == 0) {
      throw new CostInputException("values", "at least one", "none");
    }
  }
}
