package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;

/**
 * Forecasts of a daily series. A back-test on the series chooses the method and gives the interval,
 * and the forecast carries its error. Stateless.
 */
public final class Forecaster {
  /** Closed days without which there is no forecast. */
  public static final int LEAST_DAYS = 3;

  private Forecaster() {}

  /**
   * The end of the month that the first day without a closed bucket belongs to.
   *
   * @param series days; the more months, the better
   * @throws ForecastInputException if the series is not of days
   */
  public static MonthOutlook monthEnd(UsageSeries series) {
    if (series.size() != BucketSize.DAY) {
      throw new ForecastInputException("size", "DAY", series.size());
    }
    int days = series.closed().size();
    if (days < LEAST_DAYS) {
      return new NotEnoughData(days, LEAST_DAYS);
    }
    LocalDate next = series.end().toLocalDate();
    YearMonth month = YearMonth.from(next);
    int begin = Math.max(0, series.indexOf(month.atDay(1)));
    List<BigDecimal> closed = series.closed().subList(begin, days);
    int left = month.lengthOfMonth() - next.getDayOfMonth() + 1;
    return new MonthMaker(series, month, closed, left).make();
  }
}
