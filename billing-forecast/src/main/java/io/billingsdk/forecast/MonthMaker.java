package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes the exact forecast of a month out of an outlook. Used once. */
final class MonthMaker {
  private static final int WEEK = 7;
  private static final int SHARE_DIGITS = 6;
  private static final int SUM_DAYS = 7;

  private final UsageSeries series;
  private final YearMonth month;
  private final List<BigDecimal> closed;
  private final int decimals;
  private final Outlook outlook;

  MonthMaker(UsageSeries series, YearMonth month, List<BigDecimal> closed, int left) {
    this.series = series;
    this.month = month;
    this.closed = closed;
    this.decimals = series.decimals();
    this.outlook = Outlook.of(series, left);
  }

  MonthForecast make() {
    List<ForecastDay> days = days();
    BigDecimal actual = closed.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal ahead =
        days.stream().map(ForecastDay::expected).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal open = series.open().map(OpenBucket::value).orElse(BigDecimal.ZERO);
    BigDecimal around = ahead.multiply(Real.exact(outlook.sumSpread(), 6));
    BigDecimal low = actual.add(rounded(ahead.subtract(around)).max(open));
    BigDecimal high = actual.add(rounded(ahead.add(around)));
    BigDecimal expected = actual.add(ahead);
    BackTest test = backTest(days.size());
    return new MonthForecast(
        month,
        closed,
        days,
        actual,
        expected,
        low,
        high,
        test,
        sentence(days.size(), List.of(expected, actual, ahead, low, high), test));
  }

  private BigDecimal rounded(BigDecimal value) {
    return value.setScale(decimals, RoundingMode.HALF_EVEN);
  }

  private List<ForecastDay> days() {
    List<ForecastDay> days = new ArrayList<>();
    LocalDate day = series.end().toLocalDate();
    for (int i = 0; i < outlook.path().length; i++) {
      double expected = outlook.path()[i];
      double around = expected * outlook.spread()[i];
      days.add(
          i == 0 && series.open().isPresent()
              ? openDay(day, series.open().get(), expected, around)
              : new ForecastDay(
                  day,
                  Real.exact(expected, decimals),
                  Real.exact(Math.max(0, expected - around), decimals),
                  Real.exact(expected + around, decimals)));
      day = day.plusDays(1);
    }
    return days;
  }

  /** What the open day has, and the usual rest of it. */
  private ForecastDay openDay(LocalDate day, OpenBucket open, double expected, double around) {
    double rest = 1 - open.share().doubleValue();
    BigDecimal middle = open.value().add(Real.exact(rest * expected, decimals));
    double less = rest * Math.max(0, expected - around);
    return new ForecastDay(
        day,
        middle,
        open.value().add(Real.exact(less, decimals)),
        open.value().add(Real.exact(rest * (expected + around), decimals)));
  }

  private BackTest backTest(int left) {
    Rehearsal played = outlook.rehearsal();
    double[] values = outlook.values();
    double mean = Stats.mean(values, played.origins()[0], values.length);
    double error = played.error();
    double naive = naiveError(values, played.origins()[0]);
    return new BackTest(
        played.method(),
        played.origins().length,
        Real.exact(mean > 0 ? 100 * error / mean : 0, 1),
        sumError(played, values, left),
        sums(played, values, Math.min(left, SUM_DAYS)),
        naive > 0 ? Optional.of(Real.exact(error / naive, 2)) : Optional.empty());
  }

  private static Optional<BigDecimal> sumError(Rehearsal played, double[] values, int left) {
    for (int days = left; days > 0; days--) {
      double[] errors = played.sumErrors(values, days);
      if (errors.length > 0) {
        return Optional.of(Real.exact(100 * Arrays.stream(errors).average().orElse(0), 1));
      }
    }
    return Optional.empty();
  }

  private List<BackTest.SumError> sums(Rehearsal played, double[] values, int days) {
    List<BackTest.SumError> sums = new ArrayList<>();
    LocalDate begin = series.end().toLocalDate().minusDays(values.length);
    for (int i = 0; i < played.origins().length; i++) {
      if (played.paths()[i].length >= days) {
        int first = played.origins()[i];
        double path = Arrays.stream(played.paths()[i], 0, days).sum();
        double came = Arrays.stream(values, first, first + days).sum();
        BigDecimal share = Real.exact(path > 0 ? came / path - 1 : 0, SHARE_DIGITS);
        sums.add(new BackTest.SumError(begin.plusDays(first), share));
      }
    }
    return sums;
  }

  /** The mean error of "as a week before"; negative if there is no week before. */
  private static double naiveError(double[] values, int from) {
    double sum = 0;
    int count = 0;
    for (int i = Math.max(WEEK, from); i < values.length; i++) {
      sum += Math.abs(values[i] - values[i - WEEK]);
      count++;
    }
    return count > 0 ? sum / count : -1;
  }

  /** The numbers: expected, actual, ahead, low, high. */
  private String sentence(int left, List<BigDecimal> numbers, BackTest test) {
    List<String> texts = numbers.stream().map(BigDecimal::toPlainString).toList();
    return texts.get(0)
        + " are expected by "
        + month.atEndOfMonth()
        + ": "
        + texts.get(1)
        + " so far and "
        + texts.get(2)
        + (left == 1 ? " for the day" : " for the " + left + " days")
        + " left, from "
        + test.method().basis()
        + "; 8 of 10 such forecasts end between "
        + texts.get(3)
        + " and "
        + texts.get(4)
        + ", and "
        + test.origins()
        + " back-tests were off by "
        + test.sumErrorPercent().orElse(test.dayErrorPercent()).toPlainString()
        + " % on average.";
  }
}
