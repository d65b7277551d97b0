package io.billingsdk.forecast;

import java.util.Arrays;

/** Quantities on a log scale, where a zero is far down and not infinitely far. */
final class LogValues {
  /** A zero counts as this share of the usual level at its time. */
  private static final double FLOOR = 0.02;

  private static final int RECENT = 28;

  private LogValues() {}

  /** Each value with the floor of its time: later values change no earlier one. */
  static double[] of(double[] values) {
    double[] logs = new double[values.length];
    double[] recent = new double[RECENT];
    double[] sorted = new double[RECENT];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] > 0) {
        recent[count++ % RECENT] = values[i];
      }
      logs[i] = Math.log(Math.max(values[i], floor(recent, sorted, Math.min(count, RECENT))));
    }
    return logs;
  }

  private static double floor(double[] recent, double[] sorted, int count) {
    if (count == 0) {
      return 1e-6;
    }
    for (int i = 0; i < count; i++) {
      sorted[i] = recent[i];
    }
    return FLOOR * Stats.median(sorted, count);
  }

  /** Whether so many values of a range are zero that a level says little about them. */
  static boolean sparse(double[] values, int from, int to) {
    long zeros = Arrays.stream(values, from, to).filter(value -> value == 0).count();
    return 4 * zeros > to - from;
  }
}
