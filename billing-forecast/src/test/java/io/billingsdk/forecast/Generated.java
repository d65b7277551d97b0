package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A generated daily series with known events: base 10^U(0, 3.5), growth U(-0.1, 0.6) % a day, a
 * profile of the week, log noise U(3, 15) %, up to two each of spikes (1.8 to 4 times), drops of
 * two days (to 0 to 30 %) and shifts (1.5 to 2.5 times).
 */
record Generated(UsageSeries series, List<Planted> events) {
  static final int DAYS = 182;
  static final int QUIET = 35;
  static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
  private static final double[] WEEK = {1.05, 1.1, 1.08, 1.06, 1, 0.62, 0.55};

  static Generated withEvents(long seed) {
    Random random = new Random(seed * 7919 + 17);
    double[] values = plain(random);
    List<Planted> events = new ArrayList<>();
    for (Planted.Kind kind : Planted.Kind.values()) {
      for (int left = random.nextInt(3); left > 0; left--) {
        place(kind, events, random);
      }
    }
    events.sort(Comparator.comparingInt(Planted::index));
    for (Planted event : events) {
      for (int i = event.index(); i < Math.min(DAYS, event.index() + event.length()); i++) {
        values[i] *= event.factor();
      }
    }
    return new Generated(series(values), events);
  }

  static Generated withoutEvents(long seed) {
    return new Generated(series(plain(new Random(seed * 7919 + 17))), List.of());
  }

  /** A drift of this much a week, up or down, from a day to the end. */
  static Generated withDrift(long seed, int from, double perWeek) {
    double[] values = plain(new Random(seed * 7919 + 17));
    for (int i = from; i < DAYS; i++) {
      values[i] *= Math.pow(1 + perWeek, (i - from + 1) / 7.0);
    }
    return new Generated(series(values), List.of());
  }

  /** The number of the bucket of an anomaly. */
  int index(Anomaly anomaly) {
    return (int) ChronoUnit.DAYS.between(series.first(), anomaly.bucket());
  }

  /** Whether no event is under way or less than 35 days ago. */
  boolean isQuiet(int day) {
    return events.stream().noneMatch(event -> day >= event.index() && day < event.index() + QUIET);
  }

  /** The first bucket within so many days that is found in the right direction. */
  Optional<Integer> firstHit(Planted event, List<Anomaly> found, int within) {
    return found.stream()
        .filter(each -> (each.direction() == Direction.UP) == event.factor() > 1)
        .map(this::index)
        .filter(index -> index >= event.index() && index <= event.index() + within)
        .min(Comparator.naturalOrder());
  }

  private static void place(Planted.Kind kind, List<Planted> events, Random random) {
    double factor =
        switch (kind) {
          case SPIKE -> uniform(random, 1.8, 4);
          case DROP -> uniform(random, 0, 0.3);
          case SHIFT -> uniform(random, 1.5, 2.5);
        };
    int length = kind == Planted.Kind.SPIKE ? 1 : kind == Planted.Kind.DROP ? 2 : DAYS;
    for (int tries = 0; tries < 50; tries++) {
      int index = 35 + random.nextInt(DAYS - 35 - 4);
      if (events.stream().allMatch(other -> Math.abs(other.index() - index) >= 7)) {
        events.add(new Planted(kind, index, length, factor));
        return;
      }
    }
  }

  private static double[] plain(Random random) {
    double base = Math.pow(10, uniform(random, 0, 3.5));
    double growth = uniform(random, -0.001, 0.006);
    double noise = uniform(random, 0.03, 0.15);
    double[] values = new double[DAYS];
    for (int i = 0; i < DAYS; i++) {
      double weekday = WEEK[FIRST.plusDays(i).getDayOfWeek().getValue() - 1];
      values[i] =
          base * Math.pow(1 + growth, i) * weekday * Math.exp(noise * random.nextGaussian());
    }
    return values;
  }

  private static double uniform(Random random, double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  private static UsageSeries series(double[] values) {
    List<BigDecimal> exact = new ArrayList<>();
    for (double value : values) {
      exact.add(BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP));
    }
    return UsageSeries.days(FIRST, exact);
  }
}
