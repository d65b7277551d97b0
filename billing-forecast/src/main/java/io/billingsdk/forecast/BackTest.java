package io.billingsdk.forecast;

import java.math.BigDecimal;
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
 * @param againstNaive the error of a day over that of the same weekday a week before (MASE): below
 *     1 is better; empty if those errors are 0 or unknown
 */
public record BackTest(
    ForecastMethod method,
    int origins,
    BigDecimal dayErrorPercent,
    Optional<BigDecimal> sumErrorPercent,
    Optional<BigDecimal> againstNaive) {}
