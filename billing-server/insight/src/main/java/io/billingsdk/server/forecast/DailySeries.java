package io.billingsdk.server.forecast;

import io.billingsdk.forecast.OpenBucket;
import io.billingsdk.forecast.UsageSeries;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The days that a forecast stands on. Immutable.
 *
 * @param zone whose days
 * @param now the moment of the question; its day is open
 */
record DailySeries(ZoneId zone, Instant now) {
  /** Older days tell a forecast nothing. */
  private static final int HISTORY = 210;

  private static final int SHARE_DIGITS = 6;

  LocalDate today() {
    return now.atZone(zone).toLocalDate();
  }

  /** The first day that is read. */
  LocalDate first() {
    return today().minusDays(HISTORY);
  }

  /** All days, today at the end. */
  List<LocalDate> days() {
    return first().datesUntil(today().plusDays(1)).toList();
  }

  Instant start(LocalDate day) {
    return day.atStartOfDay(zone).toInstant();
  }

  /** The end of a day, and of today the moment of the question. */
  Instant end(LocalDate day) {
    Instant end = start(day.plusDays(1));
    return end.isAfter(now) ? now : end;
  }

  /**
   * The series from the first day with usage on.
   *
   * @param usage by day; a day without usage may be missing
   */
  UsageSeries of(Map<LocalDate, BigDecimal> usage) {
    LocalDate begin =
        days().stream()
            .filter(day -> usage.getOrDefault(day, BigDecimal.ZERO).signum() != 0)
            .findFirst()
            .orElse(today());
    List<BigDecimal> closed = new ArrayList<>();
    for (LocalDate day = begin; day.isBefore(today()); day = day.plusDays(1)) {
      closed.add(quantity(usage, day));
    }
    UsageSeries series = UsageSeries.days(begin, closed);
    BigDecimal share = share();
    return share.signum() > 0
        ? series.withOpen(new OpenBucket(quantity(usage, today()), share))
        : series;
  }

  /** Corrections may take more from a day than it has. */
  private static BigDecimal quantity(Map<LocalDate, BigDecimal> usage, LocalDate day) {
    return usage.getOrDefault(day, BigDecimal.ZERO).max(BigDecimal.ZERO);
  }

  private BigDecimal share() {
    Instant begin = start(today());
    long passed = Duration.between(begin, now).toMillis();
    long whole = Duration.between(begin, start(today().plusDays(1))).toMillis();
    return BigDecimal.valueOf(passed)
        .divide(BigDecimal.valueOf(whole), SHARE_DIGITS, RoundingMode.DOWN);
  }
}
