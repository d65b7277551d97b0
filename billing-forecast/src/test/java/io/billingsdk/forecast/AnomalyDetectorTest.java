package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class AnomalyDetectorTest {
  private static final LocalDateTime HOURS_FROM = LocalDateTime.of(2026, 1, 5, 0, 0);

  @Test
  void longerSeries_changesNothingInItsBeginning() {
    for (long seed = 1; seed <= 5; seed++) {
      UsageSeries whole = Generated.withEvents(seed).series();
      UsageSeries part = UsageSeries.days(Generated.FIRST, whole.closed().subList(0, 120));
      List<Anomaly> early =
          AnomalyDetector.detect(whole).stream()
              .filter(found -> found.bucket().isBefore(part.end()))
              .toList();
      assertThat(AnomalyDetector.detect(part)).isEqualTo(early);
    }
  }

  @Test
  void openDay_withTooMuchAlready_isProvisional() {
    UsageSeries days = Generated.withoutEvents(4).series();
    BigDecimal usual = days.closed().get(days.closed().size() - 7);
    List<Anomaly> found =
        newest(
            days.withOpen(new OpenBucket(usual.multiply(BigDecimal.TEN), new BigDecimal("0.1"))));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).provisional()).isTrue();
    assertThat(found.get(0).direction()).isEqualTo(Direction.UP);
    assertThat(found.get(0).sentence()).startsWith("So far ").contains("more than the usual");
  }

  @Test
  void openDay_withLittle_countsOnlyWhenMostHasPassed() {
    UsageSeries days = Generated.withoutEvents(4).series();
    BigDecimal little = new BigDecimal("0.001");
    assertThat(newest(days.withOpen(new OpenBucket(little, new BigDecimal("0.2"))))).isEmpty();
    List<Anomaly> found = newest(days.withOpen(new OpenBucket(little, new BigDecimal("0.9"))));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).direction()).isEqualTo(Direction.DOWN);
  }

  @Test
  void smallDifference_isLeftOutOnRequest() {
    UsageSeries series = Generated.withEvents(2).series();
    assertThat(AnomalyDetector.detect(series)).isNotEmpty();
    assertThat(AnomalyDetector.detect(series, new BigDecimal("1000000000"))).isEmpty();
  }

  @Test
  void seriesThatIsOftenZero_tellsOnlyOfALongSilence() {
    List<BigDecimal> values = new ArrayList<>();
    Random random = new Random(Sizes.SEED);
    for (int day = 0; day < 120; day++) {
      boolean used = day % 3 == 0;
      values.add(used ? BigDecimal.valueOf(1 + random.nextInt(50)) : BigDecimal.ZERO);
    }
    values.addAll(Collections.nCopies(20, BigDecimal.ZERO));
    List<Anomaly> found = AnomalyDetector.detect(UsageSeries.days(Generated.FIRST, values));
    assertThat(found).isNotEmpty();
    assertThat(found).allMatch(each -> each.kind() == AnomalyKind.SILENCE);
    assertThat(found.get(0).bucket())
        .isAfterOrEqualTo(Generated.FIRST.plusDays(120).atStartOfDay());
  }

  @Test
  void shortSeries_hasNoAnomalies() {
    for (int days = 0; days < 28; days++) {
      UsageSeries series =
          UsageSeries.days(Generated.FIRST, Collections.nCopies(days, BigDecimal.ONE));
      assertThat(AnomalyDetector.detect(series)).isEmpty();
    }
  }

  @Test
  @Tag("simulation")
  void hours_spikesAndDrops_areFoundWithFewFalseOnes() {
    int series = Sizes.of(6, 60);
    int hits = 0;
    int planted = 0;
    int wrong = 0;
    for (long seed = Sizes.SEED; seed < Sizes.SEED + series; seed++) {
      List<Integer> at = List.of(700, 800, 900);
      double[] factors = {3, 0.1, 0};
      List<Anomaly> found = AnomalyDetector.detect(hours(seed, at, factors));
      for (int hour : at) {
        planted++;
        LocalDateTime time = HOURS_FROM.plusHours(hour);
        hits += found.stream().anyMatch(each -> each.bucket().equals(time)) ? 1 : 0;
      }
      wrong +=
          (int)
              found.stream()
                  .filter(each -> at.stream().noneMatch(hour -> near(each, hour)))
                  .count();
    }
    Proof.sized("anomaly-hours", series, 60)
        .with("series", series)
        .with("hours_each", 1008)
        .with("planted", planted)
        .with("found", hits)
        .with("false_hours", wrong)
        .with("seed", Sizes.SEED)
        .print();
    assertThat(hits).isGreaterThanOrEqualTo(planted * 95 / 100);
    assertThat(wrong).isLessThanOrEqualTo(series);
  }

  private static boolean near(Anomaly anomaly, int hour) {
    LocalDateTime time = HOURS_FROM.plusHours(hour);
    return !anomaly.bucket().isBefore(time) && anomaly.bucket().isBefore(time.plusHours(3));
  }

  private static UsageSeries hours(long seed, List<Integer> at, double[] factors) {
    Random random = new Random(seed * 31 + 5);
    double noise = 0.05 + 0.1 * random.nextDouble();
    List<BigDecimal> values = new ArrayList<>();
    for (int i = 0; i < 1008; i++) {
      double day = 1 + 0.6 * Math.sin(2 * Math.PI * (i % 24) / 24);
      double week = i / 24 % 7 >= 5 ? 0.6 : 1;
      double value = 500 * day * week * Math.exp(noise * random.nextGaussian());
      value *= at.contains(i) ? factors[at.indexOf(i)] : 1;
      values.add(BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP));
    }
    return UsageSeries.hours(HOURS_FROM, values);
  }

  private static List<Anomaly> newest(UsageSeries series) {
    return AnomalyDetector.detect(series).stream()
        .filter(found -> found.bucket().equals(series.end()))
        .toList();
  }
}
