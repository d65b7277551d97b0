package io.billingsdk.forecast;

import java.util.Arrays;

/**
 * The days ahead of a series with their spread, as binary fractions. Immutable by convention.
 *
 * @param values the days that the back-test was made with
 * @param rehearsal the back-test of the chosen method
 * @param path the estimates
 * @param spread for each day the share of the estimate that 8 of 10 days stay within
 * @param sumSpread the same of the sum of all days
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody changes the arrays.
record Outlook(
    double[] values, Rehearsal rehearsal, double[] path, double[] spread, double sumSpread) {
  private static final double COVERED = 0.8;
  private static final double NORMAL = 1.2816;
  private static final int HISTORY = 210;
  private static final double UNKNOWN_SPREAD = 0.5;

  /** The next days of a series; empty is not an answer: there must be three days at least. */
  static Outlook of(UsageSeries series, int horizon) {
    double[] all = Real.of(series.closed());
    if (all.length < Forecaster.LEAST_DAYS) {
      throw new IllegalArgumentException("too few days: " + all.length);
    }
    // Days of long ago tell nothing, and would cost time.
    int cut = Math.max(0, all.length - HISTORY) / 7 * 7;
    double[] values = Arrays.copyOfRange(all, cut, all.length);
    Seasons seasons = Seasons.of(series);
    Tracker tracker = new Tracker(values, seasons, Bounds.forecasts()).run(begin(values.length));
    PathMaker maker = new PathMaker(values, tracker, seasons);
    int played = Math.max(7, horizon);
    Rehearsal best = Rehearsal.best(values, maker, played);
    if (best == null) {
      throw new IllegalStateException("the mean can always be played");
    }
    double[] path = maker.path(best.method(), values.length, horizon);
    if (path == null) {
      throw new IllegalStateException("a method that was played has a path");
    }
    return new Outlook(
        values, best, path, spreads(best, values, horizon), sumSpread(best, values, horizon));
  }

  /** Four weeks before the first origin, so that its fit knows spikes and shifts. */
  private static int begin(int days) {
    return Math.max(1, days - Rehearsal.REACH - 28);
  }

  private static double[] spreads(Rehearsal best, double[] values, int horizon) {
    double[] spreads = new double[horizon];
    double widest = 0;
    for (int h = 0; h < horizon; h++) {
      double[] errors = best.dayErrors(values, h);
      // The farther ahead, the less is known: a narrower day far ahead is half chance.
      double spread = blended(errors, effective(best, h), 0.25);
      widest = Math.max(spread, (widest + spread) / 2);
      spreads[h] = widest;
    }
    return spreads;
  }

  private static double sumSpread(Rehearsal best, double[] values, int horizon) {
    for (int days = horizon; days > 0; days--) {
      double[] errors = best.sumErrors(values, days);
      if (errors.length >= Math.min(8, best.origins().length / 2 + 1)) {
        double more = Math.sqrt((double) horizon / days);
        return more * blended(errors, effective(best, days - 1), 0.5);
      }
    }
    return UNKNOWN_SPREAD;
  }

  /** Paths that overlap tell the same again: as many as do not. */
  private static double effective(Rehearsal best, int ahead) {
    int[] origins = best.origins();
    double days = origins[origins.length - 1] - origins[0] + 1.0;
    return Math.max(1, days / (ahead + 1));
  }

  /** The quantile of the errors, wider where few of them are independent. */
  private static double blended(double[] errors, double effective, double caution) {
    if (errors.length == 0) {
      return UNKNOWN_SPREAD;
    }
    double quantile = Stats.conformal(errors, errors.length, COVERED);
    double squares = Arrays.stream(errors).map(error -> error * error).sum() / errors.length;
    double normal = NORMAL * Math.sqrt(squares);
    double wide = quantile + Math.max(0, normal - quantile) / 2;
    double few = 1 / (1 + effective / 3);
    double part = Math.min(1, 1.5 * few * few);
    return (1 - part) * quantile + part * wide * (1 + caution * few);
  }
}
