package io.billingsdk.forecast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Fits level, growth and profile to log values by reweighted least squares: an outlier has no
 * weight (bisquare of Tukey). Levels may step at known places; the growth is common to all of them
 * and shrinks to nothing where little tells of it. Not thread-safe: it keeps its work arrays.
 */
final class Fitter {
  private static final double TUKEY = 5;
  private static final double TRIM = 3.5;
  private static final double LEAST_SIGMA = 0.01;

  private final double[] logs;
  private final boolean[] masked;
  private final int[] levels;
  private final Seasons seasons;
  private final int[][] cells;
  private final double[] rest;
  private final double[] weight;
  private final double[] sorted;
  private final double slopePrior;

  // Of the fit under way.
  private int from;
  private int to;
  private double slope;
  private double sigma;
  private double slopeVariance;
  private double newestCount;
  private double newestCentre;
  private double newestLevel;
  private double[][] profiles = new double[0][];

  /**
   * @param logs the log values
   * @param masked buckets that are left out; the owner may change them between fits
   * @param levels the number of the level of each bucket, rising; likewise
   */
  Fitter(double[] logs, boolean[] masked, int[] levels, Seasons seasons) {
    this.logs = logs;
    this.masked = masked;
    this.levels = levels;
    this.seasons = seasons;
    this.cells = cells(seasons, logs.length);
    this.rest = new double[logs.length];
    this.weight = new double[logs.length];
    this.sorted = new double[logs.length];
    this.slopePrior = 0.004 / seasons.perDay();
  }

  private static int[][] cells(Seasons seasons, int count) {
    int[][] cells = new int[seasons.profiles()][count];
    for (int p = 0; p < cells.length; p++) {
      for (int i = 0; i < count; i++) {
        cells[p][i] = seasons.cell(p, i);
      }
    }
    return cells;
  }

  /** Fits the buckets of a range, its end exclusive; beginning with another fit if there is one. */
  Fit fit(int begin, int end, @Nullable Fit before) {
    from = begin;
    to = end;
    sigma = 0.1;
    if (before == null) {
      cold();
    } else {
      slope = before.slope();
      profiles = copy(before.profiles());
    }
    int rounds = before == null ? 5 : 2;
    for (int round = 0; round < rounds; round++) {
      reweigh(round == 0);
      fitLevels();
      fitProfiles();
    }
    fitLevels();
    double freedom = spread();
    return new Fit(
        startOfNewest(),
        newestCentre,
        newestLevel,
        slope,
        copy(profiles),
        new Fit.Noise(sigma, freedom, Math.max(0.5, newestCount), slopeVariance));
  }

  /** Medians of the first profile; the others begin flat. */
  private void cold() {
    slope = 0;
    profiles = new double[seasons.profiles()][];
    for (int p = 0; p < profiles.length; p++) {
      profiles[p] = new double[seasons.cells(p)];
    }
    centreByMedian(true);
    for (int cell = 0; cell < profiles[0].length; cell++) {
      int count = 0;
      for (int i = from; i < to; i++) {
        if (!masked[i] && cells[0][i] == cell) {
          sorted[count++] = rest[i];
        }
      }
      profiles[0][cell] = Stats.median(sorted, count);
    }
  }

  /** The rest after the profile (or before it), the slope and the median of each level. */
  private void centreByMedian(boolean raw) {
    int begin = from;
    while (begin < to) {
      int end = begin;
      int count = 0;
      while (end < to && levels[end] == levels[begin]) {
        rest[end] = logs[end] - (raw ? 0 : profileAt(end) + slope * (end - from));
        if (!masked[end]) {
          sorted[count++] = rest[end];
        }
        end++;
      }
      double median = Stats.median(sorted, count);
      for (int i = begin; i < end; i++) {
        rest[i] -= median;
      }
      begin = end;
    }
  }

  private double profileAt(int index) {
    double sum = 0;
    for (int p = 0; p < profiles.length; p++) {
      sum += profiles[p][cells[p][index]];
    }
    return sum;
  }

  /** Weights by the size of what is left over the median size. */
  private void reweigh(boolean first) {
    if (first) {
      centreByMedian(false);
    }
    double scale = Math.max(LEAST_SIGMA, medianScale());
    sigma = scale;
    for (int i = from; i < to; i++) {
      double far = rest[i] / (TUKEY * scale);
      double part = 1 - far * far;
      weight[i] = masked[i] || part <= 0 ? 0 : part * part;
    }
  }

  private double medianScale() {
    int count = 0;
    for (int i = from; i < to; i++) {
      if (!masked[i]) {
        sorted[count++] = Math.abs(rest[i]);
      }
    }
    return 1.4826 * Stats.median(sorted, count);
  }

  /** The common slope of all levels, then each level; the residuals go to the work array. */
  private void fitLevels() {
    double up = 0;
    double across = 0;
    int begin = from;
    while (begin < to) {
      int end = endOfLevel(begin);
      double[] mean = means(begin, end);
      for (int i = begin; i < end; i++) {
        double x = i - mean[0];
        up += weight[i] * x * (rest[i] - mean[1]);
        across += weight[i] * x * x;
      }
      begin = end;
    }
    double steady = sigma * sigma / (slopePrior * slopePrior);
    slope = up / (across + steady);
    slopeVariance = 1 / (across + steady);
    subtractLevels();
  }

  private int endOfLevel(int begin) {
    int end = begin;
    while (end < to && levels[end] == levels[begin]) {
      end++;
    }
    return end;
  }

  /** The weighted means of number and value without profile; and the sum of weights. */
  private double[] means(int begin, int end) {
    double total = 0;
    double index = 0;
    double value = 0;
    for (int i = begin; i < end; i++) {
      rest[i] = logs[i] - profileAt(i);
      total += weight[i];
      index += weight[i] * i;
      value += weight[i] * rest[i];
    }
    return total > 0
        ? new double[] {index / total, value / total, total}
        : new double[] {(begin + end - 1) / 2.0, rest[end - 1], 0};
  }

  private void subtractLevels() {
    int begin = from;
    while (begin < to) {
      int end = endOfLevel(begin);
      double[] mean = means(begin, end);
      for (int i = begin; i < end; i++) {
        rest[i] -= mean[1] + slope * (i - mean[0]);
      }
      newestCentre = mean[0];
      newestLevel = mean[1];
      newestCount = mean[2];
      begin = end;
    }
  }

  /** Adds to each cell the shrunken mean of what is left in it. */
  private void fitProfiles() {
    for (int p = 0; p < profiles.length; p++) {
      double[] profile = profiles[p];
      double[] sum = new double[profile.length];
      double[] total = new double[profile.length];
      for (int i = from; i < to; i++) {
        int cell = cells[p][i];
        sum[cell] += weight[i] * (rest[i] + profile[cell]);
        total[cell] += weight[i];
      }
      double[] fresh = new double[profile.length];
      double shrink = shrink(p);
      for (int cell = 0; cell < profile.length; cell++) {
        fresh[cell] = sum[cell] / (total[cell] + shrink);
      }
      double mean = Stats.mean(fresh, 0, fresh.length);
      for (int i = from; i < to; i++) {
        int cell = cells[p][i];
        rest[i] += profile[cell] - (fresh[cell] - mean);
      }
      for (int cell = 0; cell < profile.length; cell++) {
        profile[cell] = fresh[cell] - mean;
      }
    }
  }

  /** Pseudo-observations at zero: the noisier the series, the less a cell is believed. */
  private double shrink(int profile) {
    double ratio = sigma / seasons.prior(profile);
    return ratio * ratio;
  }

  /** Sets sigma to the deviation without the far ones; the answer is its degrees of freedom. */
  private double spread() {
    double scale = Math.max(LEAST_SIGMA, medianScale());
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      if (!masked[i] && Math.abs(rest[i]) <= TRIM * scale) {
        sum += rest[i] * rest[i];
        count++;
      }
    }
    double freedom = Math.max(2, count - parameters());
    // What lies beyond the trim is missing from the sum: 1.4 % of the variance of normal noise.
    sigma = Math.max(LEAST_SIGMA, Math.sqrt(1.014 * sum / freedom));
    return freedom;
  }

  private double parameters() {
    double many = 1 + levels[to - 1] - levels[from] + 1.0;
    for (int p = 0; p < profiles.length; p++) {
      double each = (double) (to - from) / profiles[p].length;
      many += (profiles[p].length - 1) * each / (each + shrink(p));
    }
    return many;
  }

  private int startOfNewest() {
    int start = to - 1;
    while (start > from && levels[start - 1] == levels[to - 1]) {
      start--;
    }
    return start;
  }

  private static double[][] copy(double[][] all) {
    double[][] copies = new double[all.length][];
    for (int p = 0; p < all.length; p++) {
      copies[p] = Arrays.copyOf(all[p], all[p].length);
    }
    return copies;
  }
}
