package io.billingsdk.forecast;

import java.util.Locale;

/** How much the tests do, and how they print. */
final class Sizes {
  /** The first seed of the generated series; the bounds were chosen on seeds from 0 to 399. */
  static final long SEED = Long.getLong("forecast.seed", 1_000_001);

  private Sizes() {}

  static int of(int commit, int release) {
    return System.getProperty("size", "commit").equals("release") ? release : commit;
  }

  static String show(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
