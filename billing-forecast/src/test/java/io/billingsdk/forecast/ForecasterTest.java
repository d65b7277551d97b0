package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ForecasterTest {
  private static final LocalDate JUNE = LocalDate.of(2026, 6, 1);

  @Test
  void twoDays_areNotEnough() {
    MonthOutlook outlook = Forecaster.monthEnd(UsageSeries.days(JUNE, same("5", 2)));
    assertThat(outlook).isEqualTo(new NotEnoughData(2, 3));
    assertThat(outlook.sentence())
        .isEqualTo("Not enough data: 2 closed days so far, and a forecast needs 3.");
  }

  @Test
  void threeEqualDays_giveAForecastWithABackTest() {
    MonthForecast forecast = forecast(UsageSeries.days(JUNE, same("5", 3)));
    assertThat(forecast.expected()).isEqualByComparingTo("150");
    assertThat(forecast.month()).isEqualTo(YearMonth.of(2026, 6));
    assertThat(forecast.backTest().origins()).isPositive();
    assertThat(forecast.sentence())
        .startsWith("150 are expected by 2026-06-30: 15 so far and 135 for the 27 days left")
        .doesNotContain("\n");
  }

  @Test
  void total_isActualAndDaysAhead_exactly() {
    for (long seed = 1; seed <= 20; seed++) {
      UsageSeries whole = Generated.withEvents(seed).series();
      MonthForecast forecast =
          forecast(UsageSeries.days(Generated.FIRST, whole.closed().subList(0, 100 + (int) seed)));
      BigDecimal ahead =
          forecast.days().stream()
              .map(ForecastDay::expected)
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      BigDecimal closed = forecast.closed().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(forecast.actual()).isEqualByComparingTo(closed);
      assertThat(forecast.expected()).isEqualByComparingTo(closed.add(ahead));
      assertThat(forecast.low()).isBetween(forecast.actual(), forecast.expected());
      assertThat(forecast.high()).isGreaterThanOrEqualTo(forecast.expected());
    }
  }

  @Test
  void endOfAMonth_beginsTheNextOne() {
    MonthForecast forecast = forecast(UsageSeries.days(JUNE, same("5", 30)));
    assertThat(forecast.month()).isEqualTo(YearMonth.of(2026, 7));
    assertThat(forecast.actual()).isEqualByComparingTo("0");
    assertThat(forecast.days()).hasSize(31);
  }

  @Test
  void openDay_countsWithWhatItHas() {
    UsageSeries days = UsageSeries.days(JUNE, same("10", 20));
    MonthForecast forecast =
        forecast(days.withOpen(new OpenBucket(new BigDecimal("90"), new BigDecimal("0.5"))));
    assertThat(forecast.days().get(0).expected()).isEqualByComparingTo("95");
    assertThat(forecast.actual()).isEqualByComparingTo("200");
    assertThat(forecast.expected()).isEqualByComparingTo("385");
    assertThat(forecast.low()).isGreaterThanOrEqualTo(new BigDecimal("290"));
  }

  @Test
  void nothingAtAll_isExpectedToStayNothing() {
    MonthForecast forecast = forecast(UsageSeries.days(JUNE, same("0", 60)));
    assertThat(forecast.expected()).isEqualByComparingTo("0");
    assertThat(forecast.high()).isEqualByComparingTo("0");
  }

  @Test
  void tiers_areThoseOfTheWholeMonth() {
    MonthForecast forecast = forecast(UsageSeries.days(JUNE, same("10", 20)));
    // The first 250 cost 1 each, the rest nothing: 300 in the month cost 250.
    PricedRange<BigDecimal> priced = forecast.priced(days -> sum(days).min(new BigDecimal("250")));
    assertThat(priced.expected()).isEqualByComparingTo("250");
    PricedRange<BigDecimal> whole = forecast.priced(ForecasterTest::sum);
    assertThat(whole.expected()).isEqualByComparingTo(forecast.expected());
    assertThat(whole.low()).isEqualByComparingTo(forecast.low());
    assertThat(whole.high()).isEqualByComparingTo(forecast.high());
  }

  @Test
  void priceThatFallsAtATier_isWithinTheRange() {
    UsageSeries whole = Generated.withoutEvents(3).series();
    MonthForecast forecast =
        forecast(UsageSeries.days(Generated.FIRST, whole.closed().subList(0, 100)));
    BigDecimal step = forecast.expected();
    PricedRange<BigDecimal> priced =
        forecast.priced(days -> sum(days).compareTo(step) > 0 ? BigDecimal.ONE : BigDecimal.TEN);
    assertThat(priced.low()).isEqualByComparingTo("1");
    assertThat(priced.high()).isEqualByComparingTo("10");
  }

  @Test
  void hours_areRefused() {
    assertThatThrownBy(
            () -> Forecaster.monthEnd(UsageSeries.hours(JUNE.atStartOfDay(), same("1", 50))))
        .hasMessage("size must be DAY, but is HOUR");
  }

  @Test
  void negativeQuantity_isRefusedWithItsPlace() {
    assertThatThrownBy(() -> UsageSeries.days(JUNE, List.of(BigDecimal.ONE, new BigDecimal("-1"))))
        .hasMessage("closed[1] must be at least 0, but is -1");
    assertThatThrownBy(() -> UsageSeries.days(JUNE, List.of(new BigDecimal("1E+40"))))
        .isInstanceOf(ForecastInputException.class);
    assertThatThrownBy(
            () -> new UsageSeries(JUNE.atTime(1, 0), BucketSize.DAY, List.of(), Optional.empty()))
        .hasMessageStartingWith("first must be the beginning of a bucket");
    assertThatThrownBy(() -> new OpenBucket(BigDecimal.ONE, new BigDecimal("1.5")))
        .hasMessage("share must be above 0 and at most 1, but is 1.5");
  }

  @Test
  void sameSeries_givesTheSameForecast() {
    UsageSeries series = Generated.withEvents(5).series();
    assertThat(Forecaster.monthEnd(series)).isEqualTo(Forecaster.monthEnd(series));
  }

  private static MonthForecast forecast(UsageSeries series) {
    if (Forecaster.monthEnd(series) instanceof MonthForecast forecast) {
      return forecast;
    }
    throw new AssertionError("no forecast");
  }

  private static BigDecimal sum(List<BigDecimal> days) {
    return days.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static List<BigDecimal> same(String value, int days) {
    return Collections.nCopies(days, new BigDecimal(value));
  }
}
