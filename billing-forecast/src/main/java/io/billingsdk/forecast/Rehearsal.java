package io.billingsdk.forecast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The back-test of one method: its paths from rolling origins against the days that came. Immutable
 * by convention.
 *
 * @param method the method
 * @param paths the path of each origin, as long as days came after it
 * @param origins the number of the first day of each path
 * @param error the mean absolute error of all days of all paths
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody changes the arrays.
record Rehearsal(ForecastMethod method, double[][] paths, int[] origins, double error) {
  private static final int MOST_ORIGINS = 63;
  private static final int STEP = 2;

  /** How many days before the end the first origin may be. */
  static final int REACH = MOST_ORIGINS * STEP;

  /** Plays all methods; the best one is chosen, or null if no method could play. */
  static @Nullable Rehearsal best(double[] values, PathMaker maker, int horizon) {
    int[] origins = origins(values.length);
    Rehearsal best = null;
    for (ForecastMethod method : ForecastMethod.values()) {
      Rehearsal played = play(method, values, maker, origins, horizon);
      // A method that is less simple must be better by more than chance would have it.
      if (played != null && (best == null || played.error < 0.98 * best.error)) {
        best = played;
      }
    }
    return best;
  }

  /** The newest origins of the last 18 weeks; the newest last. */
  private static int[] origins(int days) {
    // From a much shorter history a forecast errs more than this one will.
    int least = days >= 56 ? Math.max(28, days / 3) : Math.max(2, days / 2);
    int step = days >= 56 ? STEP : 1;
    int count = Math.min(MOST_ORIGINS, (days - 1 - least) / step + 1);
    int[] origins = new int[Math.max(1, count)];
    for (int i = 0; i < origins.length; i++) {
      origins[origins.length - 1 - i] = days - 1 - i * step;
    }
    return origins;
  }

  private static @Nullable Rehearsal play(
      ForecastMethod method, double[] values, PathMaker maker, int[] origins, int horizon) {
    double[][] paths = new double[origins.length][];
    double sum = 0;
    int count = 0;
    for (int i = 0; i < origins.length; i++) {
      int length = Math.min(horizon, values.length - origins[i]);
      double[] path = maker.path(method, origins[i], length);
      if (path == null) {
        return null;
      }
      paths[i] = path;
      for (int h = 0; h < length; h++) {
        sum += Math.abs(values[origins[i] + h] - path[h]);
      }
      count += length;
    }
    return new Rehearsal(method, paths, origins, sum / count);
  }

  /** The absolute errors of days about this far ahead, as shares of the forecast; sorted. */
  double[] dayErrors(double[] values, int ahead) {
    int reach = 1 + ahead / 7;
    double[] errors = new double[paths.length * (2 * reach + 1)];
    int count = 0;
    for (int i = 0; i < paths.length; i++) {
      int last = Math.min(paths[i].length - 1, ahead + reach);
      for (int h = Math.max(0, ahead - reach); h <= last; h++) {
        errors[count++] = share(values[origins[i] + h], paths[i][h]);
      }
    }
    return sorted(errors, count);
  }

  /** The absolute errors of sums over this many days, as shares of the forecast; sorted. */
  double[] sumErrors(double[] values, int days) {
    double[] errors = new double[paths.length];
    int count = 0;
    for (int i = 0; i < paths.length; i++) {
      if (paths[i].length >= days) {
        double path = Arrays.stream(paths[i], 0, days).sum();
        double came = Arrays.stream(values, origins[i], origins[i] + days).sum();
        errors[count++] = share(came, path);
      }
    }
    return sorted(errors, count);
  }

  /** How many paths are at least this long. */
  int reaching(int days) {
    return (int) Arrays.stream(paths).filter(path -> path.length >= days).count();
  }

  /**
   * How far the errors of a path agree: 1 if they are the same share of the forecast on all days, 0
   * if each day errs for itself, or if nothing tells.
   */
  double agreement(double[] values) {
    double alike = 0;
    double most = 0;
    for (int i = 0; i < paths.length; i++) {
      double sum = 0;
      double squares = 0;
      for (int h = 0; h < paths[i].length; h++) {
        double error = signed(values[origins[i] + h], paths[i][h]);
        sum += error;
        squares += error * error;
      }
      alike += sum * sum - squares;
      most += (paths[i].length - 1) * squares;
    }
    return most > 0 ? Math.max(0, Math.min(1, alike / most)) : 0;
  }

  private static double share(double came, double path) {
    return Math.abs(signed(came, path));
  }

  private static double signed(double came, double path) {
    return path > 0 ? (came - path) / path : came > 0 ? 1 : 0;
  }

  private static double[] sorted(double[] errors, int count) {
    double[] exact = Arrays.copyOf(errors, count);
    Arrays.sort(exact);
    return exact;
  }
}
