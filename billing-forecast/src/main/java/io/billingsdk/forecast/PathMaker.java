package io.billingsdk.forecast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Estimates the days after an origin by each method, from the days before it alone. */
final class PathMaker {
  private static final int WEEK = 7;
  private static final int MONTH = 28;
  private static final double DAMPING = 0.985;

  private final double[] values;
  private final Tracker tracker;
  private final Seasons seasons;
  private final double[] sorted = new double[MONTH];

  PathMaker(double[] values, Tracker tracker, Seasons seasons) {
    this.values = values;
    this.tracker = tracker;
    this.seasons = seasons;
  }

  /** The estimates, or null where the method knows too little. */
  double @Nullable [] path(ForecastMethod method, int origin, int horizon) {
    return switch (method) {
      case SEASONAL_NAIVE -> origin < WEEK ? null : naive(origin, horizon);
      case MEAN -> mean(origin, horizon);
      case WEEKDAY_MEDIAN -> origin < MONTH ? null : weekdayMedian(origin, horizon);
      case LEVEL -> fitted(origin, horizon, false);
      case TREND -> fitted(origin, horizon, true);
    };
  }

  private double[] naive(int origin, int horizon) {
    double[] path = new double[horizon];
    for (int h = 0; h < horizon; h++) {
      path[h] = values[origin - WEEK + h % WEEK];
    }
    return path;
  }

  private double[] mean(int origin, int horizon) {
    int from = Math.max(0, origin - MONTH);
    double mean = Stats.mean(values, from, origin);
    double[] path = new double[horizon];
    for (int h = 0; h < horizon; h++) {
      double sum = 0;
      int count = 0;
      for (int i = origin + h % WEEK - WEEK; i >= from; i -= WEEK) {
        sum += values[i] - mean;
        count++;
      }
      path[h] = Math.max(0, mean + sum / (count + 2));
    }
    return path;
  }

  private double[] weekdayMedian(int origin, int horizon) {
    double[] path = new double[horizon];
    for (int h = 0; h < horizon; h++) {
      if (h < WEEK) {
        for (int week = 1; week <= 4; week++) {
          sorted[week - 1] = values[origin + h - week * WEEK];
        }
        path[h] = Stats.median(sorted, 4);
      } else {
        path[h] = path[h - WEEK];
      }
    }
    return path;
  }

  private double @Nullable [] fitted(int origin, int horizon, boolean grows) {
    Fit fit = tracker.fitBefore(origin);
    if (fit == null) {
      return null;
    }
    double sigma = fit.noise().sigma();
    // The mean of log-normal values is above their median.
    double level =
        Math.min(0.1, sigma * sigma / 2)
            + (grows ? fit.level() + fit.slope() * (origin - fit.centre()) : recent(fit, origin));
    double[] path = new double[horizon];
    double step = grows ? fit.slope() : 0;
    for (int h = 0; h < horizon; h++) {
      path[h] = Math.exp(level + fit.profile(seasons, origin + h));
      level += step;
      step *= DAMPING;
    }
    return path;
  }

  /** The median level of the last week, without its profile. */
  private double recent(Fit fit, int origin) {
    double[] last = new double[WEEK];
    for (int i = 0; i < WEEK; i++) {
      int index = origin - WEEK + i;
      last[i] = tracker.logs()[index] - fit.profile(seasons, index);
    }
    Arrays.sort(last);
    return last[WEEK / 2];
  }
}
