package io.billingsdk.forecast;

/**
 * What a detector demands: scores in standard deviations, changes as a share, and how far it looks
 * back.
 *
 * @param single the score of a single bucket
 * @param run the score of a run of two to four buckets
 * @param drift the score of a ramp of two to four weeks
 * @param least the least change of a single bucket, as a log ratio
 * @param leastRun the least mean change of a run, as a log ratio
 * @param window buckets that a baseline is fitted to
 * @param warmUp buckets before which nothing is judged
 */
record Bounds(
    double single,
    double run,
    double drift,
    double least,
    double leastRun,
    int window,
    int warmUp) {

  static Bounds of(BucketSize size) {
    // 20 % more or less, as log ratios: a little less than log 1.2.
    return size == BucketSize.DAY
        ? new Bounds(3.9, 4.1, 3.1, 0.18, 0.15, 112, 28)
        : new Bounds(5.0, 5.2, 4.5, 0.18, 0.18, 24 * 28, 24 * 14);
  }

  /** Those of days, from two weeks on: a forecast may use an unsure fit, since it is rehearsed. */
  static Bounds forecasts() {
    Bounds days = of(BucketSize.DAY);
    return new Bounds(
        days.single, days.run, Double.MAX_VALUE, days.least, days.leastRun, days.window, 14);
  }
}
