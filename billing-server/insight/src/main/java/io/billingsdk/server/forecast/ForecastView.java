package io.billingsdk.server.forecast;

import io.billingsdk.forecast.BackTest;
import io.billingsdk.forecast.ForecastDay;
import io.billingsdk.forecast.MonthForecast;
import io.billingsdk.forecast.MonthOutlook;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A forecast of usage as the API has it; without figures while there is not enough data.
 *
 * @param state {@code forecast} or {@code not_enough_data}
 * @param actual of the closed days of the month
 * @param expected of the whole month: actual and the days that are left
 */
record ForecastView(
    String state,
    String sentence,
    @Nullable BigDecimal actual,
    @Nullable BigDecimal expected,
    @Nullable BigDecimal low,
    @Nullable BigDecimal high,
    @Nullable BackTestView backTest,
    List<DayView> days) {
  /** The error of the method on the days of the past. */
  record BackTestView(
      String method,
      int origins,
      BigDecimal dayErrorPercent,
      @Nullable BigDecimal sumErrorPercent,
      @Nullable BigDecimal againstNaive) {
    static BackTestView of(BackTest test) {
      return new BackTestView(
          test.method().name().toLowerCase(Locale.ROOT),
          test.origins(),
          test.dayErrorPercent(),
          test.sumErrorPercent().orElse(null),
          test.againstNaive().orElse(null));
    }
  }

  /** A day that is left. */
  record DayView(String day, BigDecimal expected, BigDecimal low, BigDecimal high) {
    static DayView of(ForecastDay day) {
      return new DayView(day.day().toString(), day.expected(), day.low(), day.high());
    }
  }

  static ForecastView of(MonthOutlook outlook) {
    if (outlook instanceof MonthForecast month) {
      return new ForecastView(
          "forecast",
          month.sentence(),
          month.actual(),
          month.expected(),
          month.low(),
          month.high(),
          BackTestView.of(month.backTest()),
          month.days().stream().map(DayView::of).toList());
    }
    return new ForecastView(
        "not_enough_data", outlook.sentence(), null, null, null, null, null, List.of());
  }
}
