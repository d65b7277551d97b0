package io.billingsdk.forecast;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a series as it would have been seen bucket by bucket: at each one it knows only
 * those before. It leaves out spikes from later fits and begins a level where a shift is certain.
 * Not thread-safe.
 */
final class Tracker {
  private static final int RUN = 4;
  private static final int CERTAIN = 3;
  private static final double SHARE_OF_MEAN = 0.4;
  private static final int MOST_MASKED = 9;
  private static final int MASKED_OF = 28;

  private final double[] values;
  private final double[] logs;
  private final Seasons seasons;
  private final Bounds bounds;
  private final boolean[] masked;
  private final int[] levels;
  private final Fitter fitter;
  private final @Nullable Fit[] fits;
  private final List<Flag> flags = new ArrayList<>();
  private final DriftTest drift;
  private int levelStart;

  Tracker(double[] values, Seasons seasons, Bounds bounds) {
    this.values = values;
    this.seasons = seasons;
    this.bounds = bounds;
    this.logs = LogValues.of(values);
    this.masked = new boolean[values.length];
    this.levels = new int[values.length];
    this.fitter = new Fitter(logs, masked, levels, seasons);
    this.fits = new Fit[values.length + 1];
    this.drift = new DriftTest(logs, masked, levels, seasons, bounds);
  }

  /** Walks from the first bucket that is judged to the end. */
  Tracker run(int begin) {
    levelStart = Math.max(0, begin - bounds.window());
    for (int t = Math.max(begin, bounds.warmUp()); t <= values.length; t++) {
      boolean sparse = LogValues.sparse(values, Math.max(0, t - MASKED_OF), t);
      // A level says little about hours that are mostly zero, and to fit it takes all the time.
      Fit fit = sparse && seasons.perDay() > 1 ? null : fit(t);
      fits[t] = fit;
      if (t < values.length) {
        judge(t, fit, sparse);
      }
    }
    return this;
  }

  List<Flag> flags() {
    return flags;
  }

  /** The fit of what came before this bucket; null in the warm-up, and of hours mostly zero. */
  @Nullable Fit fitBefore(int index) {
    return fits[index];
  }

  double[] logs() {
    return logs;
  }

  private Fit fit(int t) {
    int from = Math.max(0, t - bounds.window());
    // The newest buckets may belong to an anomaly that is not known yet.
    int gap = Math.min(RUN - 1, (t - Math.max(from, levelStart)) / 3);
    return fitter.fit(from, t - gap, fits[t - 1]);
  }

  private void judge(int t, @Nullable Fit fit, boolean sparse) {
    if (fit == null || sparse) {
      silence(t, fit);
      return;
    }
    Flag flag = run(t, fit);
    if (flag == null) {
      flag = single(t, fit);
    }
    if (flag != null) {
      learn(flag);
    } else if (bounds.drift() < Double.MAX_VALUE) {
      flag = drift.flag(t, fits);
    }
    if (flag != null) {
      flags.add(flag);
    }
  }

  private @Nullable Flag single(int t, Fit fit) {
    double rest = rest(fit, t);
    double deviation = fit.deviation(1, t);
    if (Math.abs(rest) < bounds.least()
        || Math.abs(rest) < fit.widened(bounds.single()) * deviation) {
      return null;
    }
    return flag(t, t, AnomalyKind.SPIKE, fit);
  }

  /** The longest run up to here that lies on one side, no bucket of it alone. */
  private @Nullable Flag run(int t, Fit fit) {
    int longest = Math.min(RUN, t - levelStart);
    for (int many = longest; many >= 2; many--) {
      if (isRun(t, many, fit)) {
        AnomalyKind kind = many >= CERTAIN ? AnomalyKind.SHIFT : AnomalyKind.SPIKE;
        return flag(t, t - many + 1, kind, fit);
      }
    }
    return null;
  }

  private boolean isRun(int t, int many, Fit fit) {
    double sum = 0;
    for (int i = t - many + 1; i <= t; i++) {
      sum += rest(fit, i);
    }
    double mean = sum / many;
    if (Math.abs(mean) < bounds.leastRun()
        || Math.abs(sum) < fit.widened(bounds.run()) * fit.deviation(many, t)) {
      return false;
    }
    for (int i = t - many + 1; i <= t; i++) {
      if (rest(fit, i) / mean < SHARE_OF_MEAN) {
        return false;
      }
    }
    return true;
  }

  private double rest(Fit fit, int index) {
    return logs[index] - fit.at(seasons, index);
  }

  private Flag flag(int t, int onset, AnomalyKind kind, Fit fit) {
    return new Flag(t, onset, kind, rest(fit, t) > 0, fit.at(seasons, t), fit.deviation(1, t));
  }

  private void learn(Flag flag) {
    if (flag.kind() == AnomalyKind.SHIFT) {
      levelStart = flag.onset();
      for (int i = flag.onset(); i < values.length; i++) {
        masked[i] = false;
        levels[i] = levels[flag.onset() - 1] + 1;
      }
    } else {
      for (int i = flag.onset(); i <= flag.index(); i++) {
        masked[i] = true;
      }
      forgive(flag.index());
    }
  }

  /** A series that is far off all the time is like that: its noise grows instead. */
  private void forgive(int t) {
    int from = Math.max(0, t + 1 - MASKED_OF);
    int count = 0;
    for (int i = from; i <= t; i++) {
      count += masked[i] ? 1 : 0;
    }
    if (count > MOST_MASKED) {
      for (int i = from; i <= t; i++) {
        masked[i] = false;
      }
    }
  }

  /** A series that is often zero: only a silence that is longer than any before tells something. */
  private void silence(int t, @Nullable Fit known) {
    int now = 0;
    while (now <= t && values[t - now] == 0) {
      now++;
    }
    int longest = longestBefore(t - now);
    if (now >= 7 && now > 3 * Math.max(1, longest) && t - now >= bounds.warmUp()) {
      Fit fit = known == null ? fit(t) : known;
      flags.add(
          new Flag(
              t, t - now + 1, AnomalyKind.SILENCE, false, fit.at(seasons, t), fit.deviation(1, t)));
    }
  }

  private int longestBefore(int end) {
    int longest = 0;
    int run = 0;
    for (int i = Math.max(0, end - bounds.window()); i <= end; i++) {
      run = values[i] == 0 ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}
