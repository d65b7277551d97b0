package io.billingsdk.forecast;

import java.util.Arrays;

/** Order statistics. */
final class Stats {
  private Stats() {}

  /** The median of the first values, which are sorted in place. */
  static double median(double[] values, int count) {
    if (count == 0) {
      return 0;
    }
    Arrays.sort(values, 0, count);
    int half = count / 2;
    return count % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }

  /** A quantile of sorted values with the correction of conformal prediction: (n + 1) p. */
  static double conformal(double[] sorted, int count, double probability) {
    double rank = (count + 1) * probability - 1;
    int below = (int) Math.floor(Math.max(0, Math.min(count - 1, rank)));
    int above = Math.min(count - 1, below + 1);
    double part = Math.max(0, Math.min(1, rank - below));
    return sorted[below] + part * (sorted[above] - sorted[below]);
  }

  static double mean(double[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return to > from ? sum / (to - from) : 0;
  }
}
