package io.billingsdk.server.forecast;

import io.billingsdk.forecast.Forecaster;
import io.billingsdk.forecast.MonthForecast;
import io.billingsdk.forecast.MonthOutlook;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The usage of a metered charge up to the end of the month, by the values of its dimension, and its
 * price through the tiers. Immutable.
 *
 * @param values the forecast of each value; of a charge without a dimension one, of the empty text
 * @param soFar what each value has in the month
 */
record ChargeForecast(
    PlanCharge charge, SortedMap<String, MonthOutlook> values, Map<String, BigDecimal> soFar) {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /**
   * Forecasts.
   *
   * @param usage of each of the days
   */
  static ChargeForecast of(PlanCharge charge, DailySeries days, List<Usage> usage) {
    SortedMap<String, Map<LocalDate, BigDecimal>> byValue = new TreeMap<>();
    List<LocalDate> dates = days.days();
    for (int i = 0; i < dates.size(); i++) {
      LocalDate day = dates.get(i);
      quantities(usage.get(i))
          .forEach(
              (value, amount) ->
                  byValue.computeIfAbsent(value, none -> new HashMap<>()).put(day, amount));
    }
    if (byValue.isEmpty()) {
      byValue.put("", Map.of());
    }
    SortedMap<String, MonthOutlook> values = new TreeMap<>();
    Map<String, BigDecimal> soFar = new HashMap<>();
    YearMonth month = YearMonth.from(days.today());
    byValue.forEach(
        (value, amounts) -> {
          values.put(value, Forecaster.monthEnd(days.of(amounts)));
          soFar.put(value, sum(amounts, month));
        });
    return new ChargeForecast(charge, values, soFar);
  }

  private static BigDecimal sum(Map<LocalDate, BigDecimal> amounts, YearMonth month) {
    return amounts.entrySet().stream()
        .filter(each -> YearMonth.from(each.getKey()).equals(month))
        .map(Map.Entry::getValue)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Map<String, BigDecimal> quantities(Usage usage) {
    if (usage instanceof Usage.Total total) {
      return total.quantity().value().signum() == 0
          ? Map.of()
          : Map.of("", total.quantity().value());
    }
    Map<String, BigDecimal> quantities = new LinkedHashMap<>();
    if (usage instanceof Usage.ByValue by) {
      by.byValue()
          .forEach(
              (value, each) ->
                  quantities.put(value, quantities(each).getOrDefault("", BigDecimal.ZERO)));
    }
    return quantities;
  }

  /** Whether at least one value can be forecast; the others count with their usage so far. */
  boolean isKnown() {
    return values.values().stream().anyMatch(MonthForecast.class::isInstance);
  }

  /** The price of the usage so far. */
  Money soFarPrice() {
    return price(value -> soFar.getOrDefault(value, BigDecimal.ZERO));
  }

  /** The price of the expected usage. */
  Money expected() {
    return at(BigDecimal.ZERO);
  }

  /**
   * The price of usage within the intervals.
   *
   * @param part -1 for the low end of all of them, 0 for what is expected, 1 for the high end
   */
  Money at(BigDecimal part) {
    return price(value -> quantity(value, month -> at(month, part)));
  }

  private static BigDecimal at(MonthForecast month, BigDecimal part) {
    BigDecimal end = part.signum() < 0 ? month.low() : month.high();
    BigDecimal width = end.subtract(month.expected()).multiply(part.abs());
    return month.expected().add(width);
  }

  /** A forecast, and half of the difference in money between the ends of its own interval. */
  record Swing(MonthForecast forecast, BigDecimal width) {}

  /** The swing of each value that can be forecast. */
  List<Swing> swings() {
    List<Swing> swings = new ArrayList<>();
    values.forEach(
        (value, outlook) -> {
          if (outlook instanceof MonthForecast month) {
            BigDecimal difference =
                alone(value, month.high()).minus(alone(value, month.low())).amount();
            swings.add(new Swing(month, difference.abs().divide(TWO)));
          }
        });
    return swings;
  }

  private Money alone(String value, BigDecimal quantity) {
    Usage usage = Usage.of(Quantity.of(quantity));
    return rate(isByValue() ? new Usage.ByValue(Map.of(value, usage)) : usage);
  }

  private boolean isByValue() {
    return charge.charge().dimension() != null;
  }

  private BigDecimal quantity(String value, Function<MonthForecast, BigDecimal> of) {
    return values.get(value) instanceof MonthForecast month
        ? of.apply(month)
        : soFar.getOrDefault(value, BigDecimal.ZERO);
  }

  private Money price(Function<String, BigDecimal> quantity) {
    if (!isByValue()) {
      return rate(Usage.of(Quantity.of(quantity.apply(""))));
    }
    Map<String, Usage> byValue = new LinkedHashMap<>();
    values
        .keySet()
        .forEach(value -> byValue.put(value, Usage.of(Quantity.of(quantity.apply(value)))));
    return rate(new Usage.ByValue(byValue));
  }

  private Money rate(Usage usage) {
    return charge.charge().rate(usage).amount();
  }
}
