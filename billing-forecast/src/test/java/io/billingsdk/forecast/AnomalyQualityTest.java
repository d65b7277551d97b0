package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How good the detector is on generated series. */
@Tag("simulation")
final class AnomalyQualityTest {
  private static final int RELEASE = 2000;

  @Test
  void detector_onSeriesWithEvents_reachesItsGoals() {
    int series = Sizes.of(400, RELEASE);
    AnomalyScore score = AnomalyScore.of(AnomalyDetector::detect, series, Sizes.SEED);
    Proof.sized("anomaly", series, RELEASE)
        .with("series", series)
        .with("spikes", score.planted(Planted.Kind.SPIKE))
        .with("spike_recall", Sizes.show(score.recall(Planted.Kind.SPIKE)))
        .with("drops", score.planted(Planted.Kind.DROP))
        .with("drop_recall", Sizes.show(score.recall(Planted.Kind.DROP)))
        .with("shifts", score.planted(Planted.Kind.SHIFT))
        .with("shift_recall", Sizes.show(score.recall(Planted.Kind.SHIFT)))
        .with("false_alert_days_a_year", Sizes.show(score.falseAlertDaysPerYear()))
        .with("false_flagged_days_a_year", Sizes.show(score.flaggedDaysPerYear()))
        .with("median_delay_buckets", score.medianDelay())
        .with("shift_or_not_right", Sizes.show(score.formRight()))
        .with("seed", Sizes.SEED)
        .print();
    assertThat(score.missed()).isEmpty();
  }

  @Test
  void detector_onDriftOfFivePercentAWeek_catchesItWithinFourWeeks() {
    int series = Sizes.of(200, RELEASE);
    double up = AnomalyScore.driftsCaught(AnomalyDetector::detect, series, Sizes.SEED, 0.05);
    double down = AnomalyScore.driftsCaught(AnomalyDetector::detect, series, Sizes.SEED, -0.05);
    Proof.sized("anomaly-drift", series, RELEASE)
        .with("series", series)
        .with("a_week", "5%")
        .with("up_caught_in_4_weeks", Sizes.show(up))
        .with("down_caught_in_4_weeks", Sizes.show(down))
        .with("seed", Sizes.SEED)
        .print();
    // With 200 series the share of 0.91 has a standard error of 0.02.
    double goal = series >= RELEASE ? 0.9 : 0.86;
    assertThat(up).isGreaterThanOrEqualTo(goal);
    assertThat(down).isGreaterThanOrEqualTo(goal);
  }
}
