package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The interval of a sum of forecasts: errors may cancel out, or not. */
@Tag("simulation")
final class TogetherTest {
  private static final int RELEASE = 400;
  private static final int[] ORIGINS = {100, 122, 140, 160};

  private static MonthForecast forecast(UsageSeries whole, int origin) {
    UsageSeries known =
        UsageSeries.days(whole.first().toLocalDate(), whole.closed().subList(0, origin));
    if (Forecaster.monthEnd(known) instanceof MonthForecast made) {
      return made;
    }
    throw new AssertionError("no forecast from " + origin + " days");
  }

  private static BigDecimal half(MonthForecast forecast) {
    return forecast.high().subtract(forecast.expected());
  }

  /** The same series with a factor that all of a customer share: it moves slowly. */
  private static UsageSeries shaken(UsageSeries series, Random random) {
    List<BigDecimal> values = new ArrayList<>();
    double log = 0;
    for (BigDecimal each : series.closed()) {
      log = 0.9 * log + 0.05 * random.nextGaussian();
      values.add(
          each.multiply(BigDecimal.valueOf(Math.exp(log))).setScale(3, RoundingMode.HALF_EVEN));
    }
    return UsageSeries.days(Generated.FIRST, values);
  }

  /** Two shares: of totals within the interval, and within the sum of all bounds. */
  private static double[] covered(int runs, int many, boolean isShared) {
    int within = 0;
    int ofBounds = 0;
    for (int run = 0; run < runs; run++) {
      int origin = ORIGINS[run % ORIGINS.length];
      List<MonthForecast> forecasts = new ArrayList<>();
      BigDecimal came = BigDecimal.ZERO;
      for (int i = 0; i < many; i++) {
        UsageSeries whole = Generated.withoutEvents(Sizes.SEED + 100L * run + i).series();
        UsageSeries series = isShared ? shaken(whole, new Random(Sizes.SEED + run)) : whole;
        MonthForecast made = forecast(series, origin);
        forecasts.add(made);
        int end = origin + made.days().size();
        came =
            series.closed().subList(origin - made.closed().size(), end).stream()
                .reduce(came, BigDecimal::add);
      }
      List<BigDecimal> widths = forecasts.stream().map(TogetherTest::half).toList();
      BigDecimal bounds = widths.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      BigDecimal expected =
          forecasts.stream().map(MonthForecast::expected).reduce(BigDecimal.ZERO, BigDecimal::add);
      BigDecimal off = came.subtract(expected).abs();
      BigDecimal around = bounds.multiply(Forecaster.together(forecasts, widths));
      within += off.compareTo(around) <= 0 ? 1 : 0;
      ofBounds += off.compareTo(bounds) <= 0 ? 1 : 0;
    }
    return new double[] {within / (double) runs, ofBounds / (double) runs};
  }

  @Test
  void intervals_ofSums_cover8Of10() {
    int runs = Sizes.of(100, RELEASE);
    for (boolean isShared : new boolean[] {false, true}) {
      for (int many : new int[] {1, 3, 12}) {
        double[] covered = covered(runs, many, isShared);
        Proof.sized("forecast-sum", runs, RELEASE)
            .with("sums", runs)
            .with("series_each", many)
            .with("errors", isShared ? "shared" : "independent")
            .with("coverage", Sizes.show(covered[0]))
            .with("coverage_of_summed_bounds", Sizes.show(covered[1]))
            .with("seed", Sizes.SEED)
            .print();
        assertThat(covered[0]).as("%d, %s", many, isShared).isBetween(0.70, 0.90);
      }
    }
  }

  @Test
  void share_ofOneForecast_isOne_andOfOppositeErrors_isLess() {
    MonthForecast one = forecast(Generated.withoutEvents(Sizes.SEED).series(), 140);
    assertThat(Forecaster.together(List.of(one), List.of(BigDecimal.TEN)))
        .isEqualByComparingTo("1");
    assertThat(Forecaster.together(List.of(one, one), List.of(BigDecimal.ONE, BigDecimal.TEN)))
        .isEqualByComparingTo("1");
    MonthForecast other = forecast(Generated.withoutEvents(Sizes.SEED + 1).series(), 140);
    assertThat(Forecaster.together(List.of(one, other), List.of(BigDecimal.ONE, BigDecimal.ONE)))
        .isBetween(new BigDecimal("0.3"), new BigDecimal("0.95"));
    MonthForecast young = forecast(Generated.withoutEvents(Sizes.SEED + 2).series(), 5);
    // Too short to be compared: both count with their whole width.
    assertThat(Forecaster.together(List.of(one, young), List.of(BigDecimal.ONE, BigDecimal.ONE)))
        .isEqualByComparingTo("1");
  }
}
