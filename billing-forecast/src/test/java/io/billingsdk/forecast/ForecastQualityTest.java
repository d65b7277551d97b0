package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How good forecasts are: on generated series, and on public ones where there are any. */
@Tag("simulation")
final class ForecastQualityTest {
  private static final int RELEASE = 400;

  /** A few days into April, May and June, and later ones. */
  private static final int[] ORIGINS = {92, 100, 110, 122, 133, 140, 153, 160, 170};

  @Test
  void forecasts_ofSeriesWithEvents_reachTheirGoals() {
    int series = Sizes.of(120, RELEASE);
    ForecastScore score = new ForecastScore(UnaryOperator.identity());
    ForecastScore plain = new ForecastScore(UnaryOperator.identity());
    for (long seed = Sizes.SEED; seed < Sizes.SEED + series; seed++) {
      for (int origin : ORIGINS) {
        score.add(Generated.withEvents(seed).series(), origin);
        plain.add(Generated.withoutEvents(seed).series(), origin);
      }
    }
    print("generated", series, score);
    print("generated-without-events", series, plain);
    assertThat(score.missed()).isEmpty();
    assertThat(plain.againstNaive(1, ForecastScore.AHEAD)).isLessThan(1);
  }

  @Test
  void forecasts_ofShortHistories_areNotTooSure() {
    int series = Sizes.of(300, 3 * RELEASE);
    ForecastScore score = new ForecastScore(UnaryOperator.identity());
    ForecastScore plain = new ForecastScore(UnaryOperator.identity());
    for (long seed = Sizes.SEED; seed < Sizes.SEED + series; seed++) {
      addAll(score, shortened(Generated.withEvents(seed).series(), seed));
      addAll(plain, shortened(Generated.withoutEvents(seed).series(), seed));
    }
    print("generated-short", series, score);
    print("generated-short-without-events", series, plain);
    assertNotTooSure(score);
    assertNotTooSure(plain);
  }

  @Test
  void forecasts_ofAFewDays_areNotTooSure() {
    int series = Sizes.of(300, 3 * RELEASE);
    ForecastScore score = new ForecastScore(UnaryOperator.identity());
    for (long seed = Sizes.SEED; seed < Sizes.SEED + series; seed++) {
      UsageSeries whole = Generated.withEvents(seed).series();
      IntStream.rangeClosed(Forecaster.LEAST_DAYS, 8).forEach(days -> score.add(whole, days));
    }
    printTotals("generated-3-to-8-days", series, score);
    assertThat(score.sumCoverage()).isGreaterThan(0.75);
  }

  private static void assertNotTooSure(ForecastScore score) {
    assertThat(score.againstNaive(1, ForecastScore.AHEAD)).isLessThan(1);
    assertThat(score.sumCoverage()).isBetween(0.70, 0.90);
    for (int[] band : ForecastScore.BANDS) {
      assertThat(score.coverage(band[0], band[1])).isBetween(0.70, 0.90);
    }
  }

  /** A stretch of 50 to 80 days, from any day on. */
  private static UsageSeries shortened(UsageSeries whole, long seed) {
    Random random = new Random(seed);
    int days = 50 + random.nextInt(31);
    int from = random.nextInt(Generated.DAYS - days + 1);
    return UsageSeries.days(
        Generated.FIRST.plusDays(from), whole.closed().subList(from, from + days));
  }

  private static void addAll(ForecastScore score, UsageSeries series) {
    for (int origin = 35; origin < series.closed().size(); origin += 5) {
      score.add(series, origin);
    }
  }

  @Test
  void forecasts_ofPublicSeries_beatTheLastWeek() throws IOException {
    String directory = System.getProperty("forecast.series", "");
    if (directory.isEmpty()) {
      Proof.skipped("forecast", "no directory of public series: set -Dforecast.series");
      return;
    }
    ForecastScore score = new ForecastScore(UnaryOperator.identity());
    List<UsageSeries> all = PublicSeries.read(Path.of(directory));
    all.forEach(series -> addAll(score, series));
    assertThat(all).isNotEmpty();
    print("public", all.size(), score);
    assertNotTooSure(score);
  }

  private static void print(String data, int series, ForecastScore score) {
    for (int[] band : ForecastScore.BANDS) {
      Proof.sized("forecast", series, RELEASE)
          .with("data", data)
          .with("series", series)
          .with("days_ahead", band[0] + "-" + band[1])
          .with("mase_against_naive", Sizes.show(score.againstNaive(band[0], band[1])))
          .with("mase_in_sample", Sizes.show(score.mase(band[0], band[1])))
          .with("coverage", Sizes.show(score.coverage(band[0], band[1])))
          .print();
    }
    printTotals(data, series, score);
  }

  private static void printTotals(String data, int series, ForecastScore score) {
    Proof.sized("forecast", series, RELEASE)
        .with("data", data)
        .with("series", series)
        .with("month_ends", score.sums())
        .with("mase_against_naive", Sizes.show(score.againstNaive(1, ForecastScore.AHEAD)))
        .with("median_error_percent", Sizes.show(100 * score.medianSumError()))
        .with("mean_error_percent", Sizes.show(100 * score.meanSumError()))
        .with("bias_percent", Sizes.show(100 * score.sumBias()))
        .with("coverage", Sizes.show(score.sumCoverage()))
        .with("seed", Sizes.SEED)
        .print();
  }
}
