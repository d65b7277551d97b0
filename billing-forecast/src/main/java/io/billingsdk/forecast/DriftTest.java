package io.billingsdk.forecast;

import org.jspecify.annotations.Nullable;

/**
 * Finds a slow drift, which a baseline that learns from the newest weeks would follow and hide. It
 * tests for a ramp over the newest two, three or four weeks by the likelihood ratio against the
 * whole history: levels and steady growth are taken out of the ramp first, so that only the part
 * counts that they cannot explain. That is a sum like CUSUM, with the weights that a steady drift
 * calls for; its profile and noise come from the time before the ramp, so the drift cannot hide in
 * them.
 */
final class DriftTest {
  private static final int WEEK = 7;
  private static final int LONGEST = 4;
  private static final int HISTORY_WEEKS = 52;
  private static final int LEAST_WEEKS_BEFORE = 6;
  private static final double LEAST_CHANGE = 0.09;

  private final double[] logs;
  private final boolean[] masked;
  private final int[] levels;
  private final Seasons seasons;
  private final Bounds bounds;
  private final double[] ramp;

  // Of the ramp under way.
  private double score;
  private double change;

  DriftTest(double[] logs, boolean[] masked, int[] levels, Seasons seasons, Bounds bounds) {
    this.logs = logs;
    this.masked = masked;
    this.levels = levels;
    this.seasons = seasons;
    this.bounds = bounds;
    this.ramp = new double[logs.length];
  }

  /** The drift that ends at a bucket, if there is one; with the fits before each bucket. */
  @Nullable Flag flag(int t, @Nullable Fit[] fits) {
    int week = WEEK * seasons.perDay();
    for (int weeks = LONGEST; weeks >= 2; weeks--) {
      int begin = t + 1 - weeks * week;
      Fit before = begin < LEAST_WEEKS_BEFORE * week ? null : fits[begin];
      if (before == null || levels[begin - LONGEST * week] != levels[t]) {
        continue;
      }
      test(begin, t, before);
      double bound = weeks == LONGEST ? bounds.drift() : bounds.drift() + 0.8;
      if (Math.abs(score) > before.widened(bound) && Math.abs(change) > LEAST_CHANGE) {
        return flag(t, begin, before);
      }
    }
    return null;
  }

  private Flag flag(int t, int begin, Fit before) {
    return new Flag(
        t, begin, AnomalyKind.DRIFT, score > 0, before.at(seasons, t), before.deviation(1, t));
  }

  private void test(int begin, int t, Fit before) {
    int from = Math.max(0, t + 1 - HISTORY_WEEKS * WEEK * seasons.perDay());
    for (int i = from; i <= t; i++) {
      ramp[i] = Math.max(0, i - begin + 1);
    }
    takeOut(from, t);
    double product = 0;
    double squares = 0;
    for (int i = from; i <= t; i++) {
      if (!masked[i]) {
        product += ramp[i] * (logs[i] - before.profile(seasons, i));
        squares += ramp[i] * ramp[i];
      }
    }
    score = product / (before.noise().sigma() * Math.sqrt(Math.max(1, squares)));
    change = squares > 0 ? product / squares * (t - begin + 1) : 0;
  }

  /** Takes the mean of each level and the common slope out of the ramp. */
  private void takeOut(int from, int t) {
    double product = 0;
    double squares = 0;
    int start = from;
    while (start <= t) {
      int end = endOfLevel(start, t);
      double[] mean = means(start, end);
      for (int i = start; i < end; i++) {
        ramp[i] -= mean[1];
        if (!masked[i]) {
          product += (i - mean[0]) * ramp[i];
          squares += (i - mean[0]) * (i - mean[0]);
        }
      }
      start = end;
    }
    double slope = squares > 0 ? product / squares : 0;
    for (start = from; start <= t; start = endOfLevel(start, t)) {
      int end = endOfLevel(start, t);
      double centre = means(start, end)[0];
      for (int i = start; i < end; i++) {
        ramp[i] -= slope * (i - centre);
      }
    }
  }

  private int endOfLevel(int start, int t) {
    int end = start;
    while (end <= t && levels[end] == levels[start]) {
      end++;
    }
    return end;
  }

  /** The means of number and ramp over the buckets of a level that are not masked. */
  private double[] means(int start, int end) {
    double count = 0;
    double index = 0;
    double value = 0;
    for (int i = start; i < end; i++) {
      if (!masked[i]) {
        count++;
        index += i;
        value += ramp[i];
      }
    }
    return count > 0
        ? new double[] {index / count, value / count}
        : new double[] {start, ramp[start]};
  }
}
