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

  /**
   * How wide the interval of a weighted sum of forecasts is, as a share of the sum of their own
   * widths. It is 1 if all of them err in the same direction at the same time, and less if their
   * errors cancel out: the errors of the same days in their back-tests tell which. A forecast whose
   * back-test has too few of these days counts with its whole width.
   *
   * @param forecasts of the same days
   * @param widths the half width of each in the unit of the sum, such as money; at least 0
   * @return 0 to 1, with 4 decimals
   * @throws ForecastInputException if the lists have not the same size
   */
  public static BigDecimal together(List<MonthForecast> forecasts, List<BigDecimal> widths) {
    if (forecasts.size() != widths.size()) {
      throw new ForecastInputException("widths", "as many as forecasts", widths.size());
    }
    return JointErrors.share(forecasts, widths);
  }
}
