package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The goals notice when a detector or a forecast is bad. */
@Tag("simulation")
final class PlantedBugsTest {
  private static final int SERIES = 60;

  @Test
  void detectors_withABug_missAGoal() {
    Map<String, String> found = new LinkedHashMap<>();
    detectors()
        .forEach(
            (bug, detector) ->
                found.put(bug, AnomalyScore.of(detector, SERIES, 1).missed().toString()));
    Proof.of("anomaly-planted-bugs")
        .with("planted", found.size())
        .with("found", found.values().stream().filter(each -> !each.equals("[]")).count())
        .with("missed_goals", found)
        .print();
    assertThat(found.get("no-drops")).contains("drops");
    assertThat(found.get("no-spikes")).contains("spikes");
    assertThat(found.get("late")).contains("delay");
    assertThat(found.get("nervous")).contains("false-alerts");
    assertThat(found.get("all-spikes")).contains("form");
  }

  @Test
  void detector_thatFollowsADrift_doesNotCatchIt() {
    Function<UsageSeries, List<Anomaly>> following =
        series ->
            AnomalyDetector.detect(series).stream()
                .filter(each -> each.kind() != AnomalyKind.DRIFT)
                .toList();
    assertThat(AnomalyScore.driftsCaught(following, SERIES, 1, 0.05)).isLessThan(0.5);
  }

  @Test
  void forecasts_withABug_missAGoal() {
    Map<String, String> found = new LinkedHashMap<>();
    forecasts()
        .forEach(
            (bug, change) -> {
              ForecastScore score = new ForecastScore(change);
              for (long seed = 1; seed <= SERIES; seed++) {
                score.add(Generated.withEvents(seed).series(), 110);
                score.add(Generated.withEvents(seed).series(), 140);
              }
              found.put(bug, score.missed().toString());
            });
    Proof.of("forecast-planted-bugs")
        .with("planted", found.size())
        .with("found", found.values().stream().filter(each -> !each.equals("[]")).count())
        .with("missed_goals", found)
        .print();
    assertThat(found.get("half-as-wide")).contains("coverage");
    assertThat(found.get("twice-as-much")).contains("mase");
  }

  private static Map<String, Function<UsageSeries, List<Anomaly>>> detectors() {
    Map<String, Function<UsageSeries, List<Anomaly>>> bugs = new LinkedHashMap<>();
    bugs.put("no-drops", series -> only(series, Direction.UP));
    bugs.put("no-spikes", series -> only(series, Direction.DOWN));
    bugs.put(
        "late",
        series ->
            AnomalyDetector.detect(series).stream()
                .map(each -> changed(each, 2, each.kind()))
                .toList());
    bugs.put(
        "all-spikes",
        series ->
            AnomalyDetector.detect(series).stream()
                .map(each -> changed(each, 0, AnomalyKind.SPIKE))
                .toList());
    bugs.put("nervous", PlantedBugsTest::nervous);
    return bugs;
  }

  private static List<Anomaly> only(UsageSeries series, Direction direction) {
    return AnomalyDetector.detect(series).stream()
        .filter(each -> each.direction() == direction)
        .toList();
  }

  private static Anomaly changed(Anomaly found, int later, AnomalyKind kind) {
    return new Anomaly(
        found.bucket().plusDays(later),
        found.onset(),
        kind,
        found.direction(),
        found.actual(),
        found.expected(),
        found.low(),
        found.high(),
        found.provisional());
  }

  /** Every tenth of more than a week before is an anomaly. */
  private static List<Anomaly> nervous(UsageSeries series) {
    List<Anomaly> found = new ArrayList<>();
    for (int i = 7; i < series.closed().size(); i++) {
      BigDecimal now = series.closed().get(i);
      BigDecimal before = series.closed().get(i - 7);
      if (now.compareTo(before.multiply(new BigDecimal("1.1"))) > 0) {
        found.add(
            new Anomaly(
                series.bucket(i),
                series.bucket(i),
                AnomalyKind.SPIKE,
                Direction.UP,
                now,
                before,
                before,
                before,
                false));
      }
    }
    return found;
  }

  private static Map<String, UnaryOperator<MonthForecast>> forecasts() {
    Map<String, UnaryOperator<MonthForecast>> bugs = new LinkedHashMap<>();
    bugs.put("half-as-wide", made -> withDays(made, new BigDecimal("0.5"), BigDecimal.ONE));
    bugs.put("twice-as-much", made -> withDays(made, BigDecimal.ONE, new BigDecimal("2")));
    return bugs;
  }

  private static MonthForecast withDays(MonthForecast made, BigDecimal width, BigDecimal times) {
    List<ForecastDay> days = new ArrayList<>();
    for (ForecastDay day : made.days()) {
      BigDecimal middle = day.expected().multiply(times);
      days.add(
          new ForecastDay(
              day.day(),
              middle,
              middle.subtract(day.expected().subtract(day.low()).multiply(width)),
              middle.add(day.high().subtract(day.expected()).multiply(width))));
    }
    return new MonthForecast(
        made.month(),
        made.closed(),
        days,
        made.actual(),
        made.expected(),
        made.low(),
        made.high(),
        made.backTest(),
        made.sentence());
  }
}
