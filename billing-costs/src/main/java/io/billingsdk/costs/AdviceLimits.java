package io.billingsdk.costs;

import java.math.BigDecimal;

/**
 * From where on there is advice. Each bound is exclusive: exactly at it there is none.
 *
 * @param dearCall the cost of a call of a prompt
 * @param timesMean how many times the average a user costs
 * @param serviceShare the share of one service, 0 to 1
 * @param calls how often an operation was called before its tokens are looked at
 * @param longInput tokens of the input of a call that a cache would be worth it for
 * @param cachedShare the share of the input that comes from a cache where one is used
 * @param shortOutput tokens of the output of a call that are a short answer
 */
public record AdviceLimits(
    BigDecimal dearCall,
    BigDecimal timesMean,
    BigDecimal serviceShare,
    long calls,
    BigDecimal longInput,
    BigDecimal cachedShare,
    BigDecimal shortOutput) {

  /**
   * The usual bounds: 0.10 a call, 3 times the average, 60 %, 10 calls, 1,024 tokens, 10 %, 100.
   */
  public static AdviceLimits usual() {
    return new AdviceLimits(
        new BigDecimal("0.10"),
        new BigDecimal("3"),
        new BigDecimal("0.60"),
        10,
        new BigDecimal("1024"),
        new BigDecimal("0.10"),
        new BigDecimal("100"));
  }
}
