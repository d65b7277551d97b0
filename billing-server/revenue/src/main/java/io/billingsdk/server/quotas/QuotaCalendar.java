package io.billingsdk.server.quotas;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Divides time into the periods of a quota: each moment is in one of them, and the end of one is
 * the beginning of the next. So a reset is no event, and nobody has to do it. Implementations are
 * immutable and thread-safe, and answer the same for the same moment.
 */
@FunctionalInterface
interface QuotaCalendar {
  /** The first moment that the ledger can hold, and the end of what it can. */
  QuotaPeriod ALWAYS = new QuotaPeriod(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59.999Z"));

  /** The period of a moment. */
  QuotaPeriod at(Instant moment);

  /**
   * Months of the calendar: each begins at midnight of its first day, or as soon as that exists.
   */
  static QuotaCalendar months(ZoneId zone) {
    return moment -> {
      YearMonth month = YearMonth.from(moment.atZone(zone));
      return new QuotaPeriod(
          month.atDay(1).atStartOfDay(zone).toInstant(),
          month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant());
    };
  }

  /** One period until a moment, and one from then on; null for one period that does not end. */
  static QuotaCalendar until(@Nullable Instant reset) {
    if (reset == null || !ALWAYS.contains(reset) || reset.equals(ALWAYS.start())) {
      return moment -> ALWAYS;
    }
    QuotaPeriod before = new QuotaPeriod(ALWAYS.start(), reset);
    QuotaPeriod after = new QuotaPeriod(reset, ALWAYS.end());
    return moment -> moment.isBefore(reset) ? before : after;
  }
}
