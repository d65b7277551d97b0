package io.billingsdk.forecast;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How good a detector is on generated series with known events. */
final class AnomalyScore {
  private static final int WITHIN = 3;
  static final int WARM_UP = 28;

  private final Map<Planted.Kind, Integer> planted = new EnumMap<>(Planted.Kind.class);
  private final Map<Planted.Kind, Integer> hit = new EnumMap<>(Planted.Kind.class);
  private final List<Integer> delays = new ArrayList<>();
  private int formRight;
  private int scoredDays;
  private int alertDays;
  private int flaggedDays;

  static AnomalyScore of(
      Function<UsageSeries, List<Anomaly>> detector, int series, long firstSeed) {
    AnomalyScore score = new AnomalyScore();
    for (long seed = firstSeed; seed < firstSeed + series; seed++) {
      Generated one = Generated.withEvents(seed);
      score.add(one, detector.apply(one.series()));
    }
    return score;
  }

  private void add(Generated one, List<Anomaly> found) {
    for (Planted event : one.events()) {
      planted.merge(event.kind(), 1, Integer::sum);
      one.firstHit(event, found, WITHIN).ifPresent(index -> countHit(one, event, found, index));
    }
    boolean[] alerts = alerts(one, found);
    for (int day = WARM_UP; day < Generated.DAYS; day++) {
      if (one.isQuiet(day)) {
        scoredDays++;
        alertDays += alerts[day] ? 1 : 0;
        int index = day;
        boolean flagged = found.stream().anyMatch(each -> one.index(each) == index);
        flaggedDays += flagged ? 1 : 0;
      }
    }
  }

  private void countHit(Generated one, Planted event, List<Anomaly> found, int index) {
    hit.merge(event.kind(), 1, Integer::sum);
    delays.add(index - event.index() + 1);
    boolean shift =
        found.stream()
            .filter(each -> each.kind() == AnomalyKind.SHIFT)
            .filter(each -> (each.direction() == Direction.UP) == event.factor() > 1)
            .map(one::index)
            .anyMatch(at -> at >= event.index() && at <= event.index() + WITHIN + 1);
    formRight += shift == (event.kind() == Planted.Kind.SHIFT) ? 1 : 0;
  }

  /** The days on which people get an alert. */
  private static boolean[] alerts(Generated one, List<Anomaly> found) {
    boolean[] alerts = new boolean[Generated.DAYS];
    Incidents incidents = Incidents.none(BucketSize.DAY);
    for (int day = 0; day < Generated.DAYS; day++) {
      int index = day;
      Optional<Anomaly> anomaly =
          found.stream().filter(each -> one.index(each) == index).findFirst();
      IncidentStep step = incidents.observe(one.series().bucket(day), true, anomaly);
      incidents = step.incidents();
      alerts[day] =
          step.notices().stream().anyMatch(each -> each.act() == IncidentNotice.Act.ALERT);
    }
    return alerts;
  }

  double recall(Planted.Kind kind) {
    return hit.getOrDefault(kind, 0) / (double) planted.getOrDefault(kind, 1);
  }

  int planted(Planted.Kind kind) {
    return planted.getOrDefault(kind, 0);
  }

  double formRight() {
    return formRight / (double) Math.max(1, delays.size());
  }

  double falseAlertDaysPerYear() {
    return 365.0 * alertDays / scoredDays;
  }

  double flaggedDaysPerYear() {
    return 365.0 * flaggedDays / scoredDays;
  }

  int medianDelay() {
    Collections.sort(delays);
    return delays.isEmpty() ? Integer.MAX_VALUE : delays.get(delays.size() / 2);
  }

  /** The goals that are missed. */
  List<String> missed() {
    List<String> missed = new ArrayList<>();
    require(missed, "spikes", recall(Planted.Kind.SPIKE) >= 0.93);
    require(missed, "drops", recall(Planted.Kind.DROP) >= 0.99);
    require(missed, "shifts", recall(Planted.Kind.SHIFT) >= 0.91);
    require(missed, "false-alerts", falseAlertDaysPerYear() <= 0.35);
    require(missed, "delay", medianDelay() == 1);
    require(missed, "form", formRight() >= 0.95);
    return missed;
  }

  private static void require(List<String> missed, String goal, boolean reached) {
    if (!reached) {
      missed.add(goal);
    }
  }

  /** The share of drifts that a detector catches within four weeks. */
  static double driftsCaught(
      Function<UsageSeries, List<Anomaly>> detector, int series, long firstSeed, double perWeek) {
    int from = Generated.DAYS - 30;
    int caught = 0;
    for (long seed = firstSeed; seed < firstSeed + series; seed++) {
      Generated one = Generated.withDrift(seed, from, perWeek);
      boolean seen =
          detector.apply(one.series()).stream()
              .filter(each -> (each.direction() == Direction.UP) == perWeek > 0)
              .filter(each -> each.kind() != AnomalyKind.SPIKE)
              .map(one::index)
              .anyMatch(index -> index >= from && index < from + 28);
      caught += seen ? 1 : 0;
    }
    return caught / (double) series;
  }
}
