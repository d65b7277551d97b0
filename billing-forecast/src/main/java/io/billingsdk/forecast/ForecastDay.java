package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A day ahead, or the rest of the open day with what it has so far.
 *
 * @param day the day
 * @param expected the estimate
 * @param low 8 of 10 days are from here
 * @param high to here
 */
public record ForecastDay(LocalDate day, BigDecimal expected, BigDecimal low, BigDecimal high) {}
