package io.billingsdk.server.revenue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * The days that a forecast needs. Immutable.
 *
 * @param day before which usage is known; the forecast is of its month
 */
record ForecastDays(LocalDate day, ZoneId zone) {
  private static final int BACK_TESTS = 3;
  private static final int WEEKS = 4;

  /**
   * A month that is foretold.
   *
   * @param known the day before which usage is known
   */
  record Target(YearMonth month, LocalDate known) {
    LocalDate first() {
      return month.atDay(1);
    }

    LocalDate end() {
      return month.plusMonths(1).atDay(1);
    }
  }

  Target target() {
    return new Target(YearMonth.from(day), day);
  }

  /** The months before, each on the same day of it; the latest first. */
  List<Target> backTests() {
    List<Target> targets = new ArrayList<>();
    for (int back = 1; back <= BACK_TESTS; back++) {
      YearMonth month = YearMonth.from(day).minusMonths(back);
      targets.add(
          new Target(month, month.atDay(Math.min(day.getDayOfMonth(), month.lengthOfMonth()))));
    }
    return targets;
  }

  /** The first day whose usage is read. */
  LocalDate begin() {
    return YearMonth.from(day).minusMonths(BACK_TESTS).atDay(1).minusWeeks(WEEKS);
  }

  /** All days from the first one on. */
  List<LocalDate> all() {
    return begin().datesUntil(day).toList();
  }

  Instant start(LocalDate of) {
    return of.atStartOfDay(zone).toInstant();
  }
}
