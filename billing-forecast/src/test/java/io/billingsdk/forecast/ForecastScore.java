package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** How good forecasts are, by how far they look ahead. */
final class ForecastScore {
  static final int AHEAD = 28;
  private static final int WEEK = 7;

  private final UnaryOperator<MonthForecast> change;
  private final double[] error = new double[AHEAD];
  private final double[] naive = new double[AHEAD];
  private final int[] covered = new int[AHEAD];
  private final int[] count = new int[AHEAD];
  private final List<Double> sumErrors = new ArrayList<>();
  private double sumBias;
  private int sumsCovered;

  /**
   * @param change a planted bug, or identity
   */
  ForecastScore(UnaryOperator<MonthForecast> change) {
    this.change = change;
  }

  /** Plays one forecast of a month end, and compares it with the days that came. */
  void add(UsageSeries whole, int origin) {
    UsageSeries known =
        UsageSeries.days(whole.first().toLocalDate(), whole.closed().subList(0, origin));
    if (!(Forecaster.monthEnd(known) instanceof MonthForecast made)) {
      throw new AssertionError("no forecast from " + origin + " days");
    }
    MonthForecast forecast = change.apply(made);
    List<BigDecimal> closed = whole.closed();
    double scale = scale(closed, origin);
    BigDecimal total = forecast.actual();
    int came = Math.min(forecast.days().size(), closed.size() - origin);
    for (int h = 0; h < came; h++) {
      BigDecimal value = closed.get(origin + h);
      total = total.add(value);
      if (h < AHEAD && scale > 0) {
        day(h, value, forecast.days().get(h), closed.get(origin - WEEK + h % WEEK), scale);
      }
    }
    // A series may end within the month: its days tell, and its total is not known.
    if (came == forecast.days().size()) {
      total(forecast, total);
    }
  }

  private void total(MonthForecast forecast, BigDecimal total) {
    double off = forecast.expected().subtract(total).doubleValue() / total.doubleValue();
    sumErrors.add(Math.abs(off));
    sumBias += off;
    boolean within = total.compareTo(forecast.low()) >= 0 && total.compareTo(forecast.high()) <= 0;
    sumsCovered += within ? 1 : 0;
  }

  private void day(int h, BigDecimal came, ForecastDay day, BigDecimal before, double scale) {
    // Each series counts the same, however large its numbers are.
    error[h] += came.subtract(day.expected()).abs().doubleValue() / scale;
    naive[h] += came.subtract(before).abs().doubleValue() / scale;
    boolean within = came.compareTo(day.low()) >= 0 && came.compareTo(day.high()) <= 0;
    covered[h] += within ? 1 : 0;
    count[h]++;
  }

  private static double scale(List<BigDecimal> closed, int origin) {
    double sum = 0;
    for (int i = WEEK; i < origin; i++) {
      sum += closed.get(i).subtract(closed.get(i - WEEK)).abs().doubleValue();
    }
    return sum / (origin - WEEK);
  }

  /** The error over that of the same weekday before the origin, of days from one to another. */
  double againstNaive(int from, int to) {
    return sum(error, from, to) / sum(naive, from, to);
  }

  /** The error over that of a week before within the history (MASE of Hyndman). */
  double mase(int from, int to) {
    return sum(error, from, to) / counted(from, to);
  }

  double coverage(int from, int to) {
    int inside = 0;
    for (int h = from - 1; h < to; h++) {
      inside += covered[h];
    }
    return inside / (double) counted(from, to);
  }

  double sumCoverage() {
    return sumsCovered / (double) sumErrors.size();
  }

  double medianSumError() {
    Collections.sort(sumErrors);
    return sumErrors.get(sumErrors.size() / 2);
  }

  double meanSumError() {
    return sumErrors.stream().mapToDouble(each -> each).average().orElseThrow();
  }

  double sumBias() {
    return sumBias / sumErrors.size();
  }

  int sums() {
    return sumErrors.size();
  }

  /** The goals that are missed. */
  List<String> missed() {
    List<String> missed = new ArrayList<>();
    for (int[] band : BANDS) {
      if (count[band[1] - 1] == 0) {
        continue;
      }
      if (againstNaive(band[0], band[1]) >= 1) {
        missed.add("mase");
      }
      double share = coverage(band[0], band[1]);
      if (share < 0.75 || share > 0.85) {
        missed.add("coverage");
      }
    }
    if (sumCoverage() < 0.75 || sumCoverage() > 0.85) {
      missed.add("sum-coverage");
    }
    return missed.stream().distinct().toList();
  }

  /** Days ahead from and to. */
  static final int[][] BANDS = {{1, 1}, {2, 3}, {4, 7}, {8, 14}, {15, 21}, {22, 28}};

  private static double sum(double[] values, int from, int to) {
    double sum = 0;
    for (int h = from - 1; h < to; h++) {
      sum += values[h];
    }
    return sum;
  }

  private int counted(int from, int to) {
    int sum = 0;
    for (int h = from - 1; h < to; h++) {
      sum += count[h];
    }
    return Math.max(1, sum);
  }
}
