package io.billingsdk.forecast;

import io.billingsdk.forecast.BackTest.SumError;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Errors of several forecasts on the same days: whether they cancel out. */
final class JointErrors {
  private static final double COVERED = 0.8;
  private static final int LEAST_DAYS = 8;
  private static final int DIGITS = 4;

  private JointErrors() {}

  /** See {@link Forecaster#together}. */
  static BigDecimal share(List<MonthForecast> forecasts, List<BigDecimal> widths) {
    double whole = 0;
    double alone = 0;
    List<Map<LocalDate, Double>> errors = new ArrayList<>();
    List<Double> known = new ArrayList<>();
    int least = Math.max(LEAST_DAYS, most(forecasts) / 2);
    for (int i = 0; i < widths.size(); i++) {
      double width = Math.abs(widths.get(i).doubleValue());
      whole += width;
      Map<LocalDate, Double> own = errors(forecasts.get(i));
      if (own.size() < least) {
        alone += width;
      } else if (width > 0) {
        errors.add(own);
        known.add(width);
      }
    }
    double together = alone + width(errors, known);
    return Real.exact(whole > 0 ? Math.min(1, together / whole) : 1, DIGITS);
  }

  /** A short history must not leave the others few common days. */
  private static int most(List<MonthForecast> forecasts) {
    return forecasts.stream().mapToInt(each -> each.backTest().sums().size()).max().orElse(0);
  }

  private static Map<LocalDate, Double> errors(MonthForecast forecast) {
    Map<LocalDate, Double> errors = new HashMap<>();
    for (SumError each : forecast.backTest().sums()) {
      errors.put(each.first(), each.share().doubleValue());
    }
    return errors;
  }

  /** The width that covers 8 of 10 sums of errors, each scaled to its own width. */
  private static double width(List<Map<LocalDate, Double>> errors, List<Double> widths) {
    double most = widths.stream().mapToDouble(each -> each).sum();
    SortedSet<LocalDate> days = common(errors);
    if (days.size() < LEAST_DAYS) {
      return most;
    }
    double[] sums = new double[days.size()];
    for (int i = 0; i < errors.size(); i++) {
      double[] own = days.stream().mapToDouble(errors.get(i)::get).toArray();
      double usual = covering(own);
      for (int k = 0; k < own.length; k++) {
        sums[k] += usual > 0 ? widths.get(i) * own[k] / usual : 0;
      }
    }
    return covering(sums);
  }

  private static SortedSet<LocalDate> common(List<Map<LocalDate, Double>> errors) {
    SortedSet<LocalDate> days = new TreeSet<>();
    for (int i = 0; i < errors.size(); i++) {
      if (i == 0) {
        days.addAll(errors.get(i).keySet());
      } else {
        days.retainAll(errors.get(i).keySet());
      }
    }
    return days;
  }

  private static double covering(double[] errors) {
    double[] sizes = Arrays.stream(errors).map(Math::abs).sorted().toArray();
    return Stats.conformal(sizes, sizes.length, COVERED);
  }
}
