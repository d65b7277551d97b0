package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where a month ends: the usage so far, and the days that are left. The expected total is the sum
 * of both, exactly. Immutable.
 *
 * @param month the month
 * @param closed the quantities of its closed days, as far as the series has them
 * @param days the days that are left, the open one first
 * @param actual the sum of the closed days
 * @param expected the sum of closed and expected days
 * @param low 8 of 10 months end from here
 * @param high to here
 * @param backTest how well the method did in the past
 * @param sentence one sentence for people
 */
public record MonthForecast(
    YearMonth month,
    List<BigDecimal> closed,
    List<ForecastDay> days,
    BigDecimal actual,
    BigDecimal expected,
    BigDecimal low,
    BigDecimal high,
    BackTest backTest,
    String sentence)
    implements MonthOutlook {
  private static final int STEPS = 8;
  private static final int SCALE = 12;

  /** Copies the lists. */
  public MonthForecast {
    closed = List.copyOf(closed);
    days = List.copyOf(days);
  }

  /**
   * The forecast in money. Tiers, minimums and commitments are not proportional to quantities, so
   * the price is asked for whole paths: the expected one, and nine with totals from low to high. A
   * price that falls at a tier is covered, too.
   *
   * @param price what the days of the month cost, the first day first; a pure function
   */
  public <M extends Comparable<? super M>> PricedRange<M> priced(
      Function<? super List<BigDecimal>, ? extends M> price) {
    M middle = price.apply(path(expected));
    M least = middle;
    M most = middle;
    for (int step = 0; step <= STEPS; step++) {
      BigDecimal part = BigDecimal.valueOf(step).divide(BigDecimal.valueOf(STEPS));
      M one = price.apply(path(low.add(high.subtract(low).multiply(part))));
      least = one.compareTo(least) < 0 ? one : least;
      most = one.compareTo(most) > 0 ? one : most;
    }
    return new PricedRange<>(middle, least, most);
  }

  /** All days of the month so that they sum to a total: the days left share what is not used. */
  private List<BigDecimal> path(BigDecimal total) {
    List<BigDecimal> path = new ArrayList<>(closed);
    BigDecimal ahead = expected.subtract(actual);
    BigDecimal wanted = total.subtract(actual);
    BigDecimal left = wanted;
    for (int i = 0; i < days.size(); i++) {
      boolean last = i == days.size() - 1;
      BigDecimal day = last ? left : share(days.get(i).expected(), ahead, wanted);
      path.add(day);
      left = left.subtract(day);
    }
    return path;
  }

  private BigDecimal share(BigDecimal day, BigDecimal ahead, BigDecimal wanted) {
    return ahead.signum() == 0
        ? wanted.divide(BigDecimal.valueOf(days.size()), SCALE, RoundingMode.DOWN)
        : day.multiply(wanted).divide(ahead, SCALE, RoundingMode.DOWN);
  }
}
