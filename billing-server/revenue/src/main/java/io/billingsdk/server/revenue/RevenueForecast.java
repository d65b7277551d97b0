package io.billingsdk.server.revenue;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a running month will bring, beside how far earlier forecasts were off. Immutable.
 *
 * @param day before which usage is known
 * @param currencies in the order of their codes
 * @param leftOut subscriptions that are in no figure, since their interval is not one month
 */
record RevenueForecast(
    String month, String zone, String day, List<CurrencyForecast> currencies, long leftOut) {
  /** Copies the list. */
  RevenueForecast {
    currencies = List.copyOf(currencies);
  }

  /**
   * Of a currency: fees, usage and what is missing to commitments, of full months, by the plans of
   * the day, without discounts and taxes.
   *
   * @param state {@code forecast}, {@code no_back_test} or {@code not_enough_data}
   * @param fees the fixed fees of the month
   * @param soFar fees and the price of the usage before the day
   * @param forecast null without enough data
   * @param low the forecast less the largest error of the back-tests; null without any
   * @param high the same and more
   * @param errorPercent the largest error of the back-tests; null without any
   */
  record CurrencyForecast(
      String currency,
      String state,
      long subscriptions,
      BigDecimal fees,
      BigDecimal soFar,
      @Nullable BigDecimal forecast,
      @Nullable BigDecimal low,
      @Nullable BigDecimal high,
      @Nullable BigDecimal errorPercent,
      List<BackTest> backTests) {
    /** Copies the list. */
    CurrencyForecast {
      backTests = List.copyOf(backTests);
    }
  }

  /**
   * The same forecast for a month that is over, as it would have been on the same day of it.
   *
   * @param actual the price of what was used
   * @param errorPercent of the actual price, without its sign; null if that is 0
   */
  record BackTest(
      String month, BigDecimal forecast, BigDecimal actual, @Nullable BigDecimal errorPercent) {}
}
