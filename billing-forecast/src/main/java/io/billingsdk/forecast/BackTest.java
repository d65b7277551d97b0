package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * How well the method of a forecast did on this series in the past: forecasts from rolling origins,
 * each from the days before it alone, against the days that came.
 *
 * @param method the method that did best, which the forecast uses
 * @param origins how many forecasts were tried
 * @param dayErrorPercent the mean absolute error of a day, in percent of the mean day
 * @param sumErrorPercent the mean absolute error of the sum of as many days as are left of the
 *     month, or of as many as the history allows, in percent of the forecast; empty if no origin
 *     had days enough after it
 * @param sums the errors of sums of days one by one, the oldest first; forecasts that err on the
 *     same days can be compared by them
 * @param againstNaive the error of a day over that of the same weekday a week before (MASE): below
 *     1 is better; empty if those errors are 0 or unknown
 */
public record BackTest(
    ForecastMethod method,
    int origins,
    BigDecimal dayErrorPercent,
    Optional<BigDecimal> sumErrorPercent,
    List<SumError> sums,
    Optional<BigDecimal> againstNaive) {
  /** Copies the list. */
  public BackTest {
    sums = List.copyOf(sums);
  }

  /**
   * How far the sum of some days was from its forecast.
   *
   * @param first the first of the days
   * @param share the sum over its forecast, less 1: negative if less came; 0 without a forecast
   */
  public record SumError(LocalDate first, BigDecimal share) {}
}
