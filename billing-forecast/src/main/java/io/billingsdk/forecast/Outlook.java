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
  private static final int HISTORY = 210;

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
    Spreads spreads = Spreads.of(best, values);
    return new Outlook(values, best, path, spreads.ofDays(horizon), spreads.ofSum(horizon));
  }

  /** Four weeks before the first origin, so that its fit knows spikes and shifts. */
  private static int begin(int days) {
    return Math.max(1, days - Rehearsal.REACH - 28);
  }
}
