package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of the detector over a series. Used once. */
final class Detection {
  /** The usual range holds 8 of 10 buckets. */
  private static final double USUAL = 1.2816;

  /** Before half of a bucket has passed, little usage tells nothing. */
  private static final double LEAST_SHARE = 0.5;

  /** A bucket does not fill evenly: too little is less than half of the usual quantity so far. */
  private static final double UNEVEN = 0.7;

  private final UsageSeries series;
  private final Seasons seasons;
  private final Bounds bounds;
  private final double[] values;
  private final int decimals;

  Detection(UsageSeries series) {
    this.series = series;
    this.seasons = Seasons.of(series);
    this.bounds = Bounds.of(series.size());
    this.values = Real.of(series.closed());
    this.decimals = series.decimals();
  }

  List<Anomaly> anomalies() {
    Tracker tracker = new Tracker(values, seasons, bounds).run(1);
    List<Anomaly> found = new ArrayList<>();
    for (Flag flag : tracker.flags()) {
      found.add(anomaly(flag, series.closed().get(flag.index()), false));
    }
    Flag open = open(tracker.fitBefore(values.length));
    if (open != null) {
      found.add(anomaly(open, series.open().orElseThrow().value(), true));
    }
    return found;
  }

  /** Judges the open bucket: much may be too much already; little only when most has passed. */
  private @Nullable Flag open(@Nullable Fit fit) {
    int t = values.length;
    if (fit == null
        || series.open().isEmpty()
        || LogValues.sparse(values, Math.max(0, t - 28), t)) {
      return null;
    }
    OpenBucket open = series.open().get();
    double value = open.value().doubleValue();
    double share = open.share().doubleValue();
    double expected = fit.at(seasons, t);
    double deviation = fit.deviation(1, t);
    double bound = Math.max(bounds.least(), fit.widened(bounds.single()) * deviation);
    double bare = Math.exp(expected);
    boolean much = value > bare * Math.exp(bound);
    double due = bare * share * Math.exp(-Math.max(UNEVEN, bound / Math.sqrt(share)));
    boolean little = share >= LEAST_SHARE && value < due;
    return much || little ? new Flag(t, t, AnomalyKind.SPIKE, much, expected, deviation) : null;
  }

  private Anomaly anomaly(Flag flag, BigDecimal actual, boolean provisional) {
    double usual = USUAL * flag.deviation();
    return new Anomaly(
        series.bucket(flag.index()),
        series.bucket(flag.onset()),
        flag.kind(),
        flag.up() ? Direction.UP : Direction.DOWN,
        actual,
        Real.exact(Math.exp(flag.expected()), decimals),
        Real.exact(Math.exp(flag.expected() - usual), decimals),
        Real.exact(Math.exp(flag.expected() + usual), decimals),
        provisional);
  }
}
