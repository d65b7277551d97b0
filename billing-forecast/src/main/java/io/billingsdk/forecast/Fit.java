package io.billingsdk.forecast;

/**
 * Level, growth, profile and noise of a stretch of a series, on a log scale. Immutable by
 * convention: nobody writes to the arrays after the {@link Fitter}.
 *
 * @param start where the newest level begins
 * @param centre the mean number of the buckets of the newest level
 * @param level the log level at the centre
 * @param slope growth of the log level from bucket to bucket
 * @param profiles the part that each cell adds
 * @param noise the size of what is left, and how well each part is known
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody changes the profiles.
record Fit(int start, double centre, double level, double slope, double[][] profiles, Noise noise) {

  /**
   * How much is left, and how well the rest is known.
   *
   * @param sigma the standard deviation of what is left
   * @param freedom how many buckets tell about sigma
   * @param count how many buckets tell about the newest level
   * @param slopeVariance the variance of the slope over that of the noise
   */
  record Noise(double sigma, double freedom, double count, double slopeVariance) {}

  double profile(Seasons seasons, int index) {
    double sum = 0;
    for (int p = 0; p < profiles.length; p++) {
      sum += profiles[p][seasons.cell(p, index)];
    }
    return sum;
  }

  /** The expected log value. */
  double at(Seasons seasons, int index) {
    return level + slope * (index - centre) + profile(seasons, index);
  }

  /** The standard deviation of a sum of this many residuals that end at an index. */
  double deviation(int many, int index) {
    double distance = index - (many - 1) / 2.0 - centre;
    double own = many;
    double ofLevel = (double) many * many / noise.count();
    double ofProfile = many * 7.0 / Math.max(7, noise.freedom());
    double ofSlope = (double) many * many * distance * distance * noise.slopeVariance();
    return noise.sigma() * Math.sqrt(own + ofLevel + ofProfile + ofSlope);
  }

  /** A bound for a normal score, wider the fewer buckets tell about sigma (Cornish, Fisher). */
  double widened(double bound) {
    return bound * (1 + (bound * bound + 1) / (4 * Math.max(4, noise.freedom())));
  }
}
