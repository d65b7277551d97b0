package io.billingsdk.server.revenue;

import io.billingsdk.server.common.RequestRefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.regex.Pattern;

/** Reads the month and the zone of a report. */
record BooksMonth(YearMonth month, ZoneId zone) {
  private static final Pattern FORM = Pattern.compile("20[0-9]{2}-[0-9]{2}");

  /**
   * Of texts.
   *
   * @param field of the month, for the refusal
   */
  static BooksMonth of(String field, String month, String zone) {
    return new BooksMonth(month(field, month), zone(zone));
  }

  static YearMonth month(String field, String text) {
    try {
      if (FORM.matcher(text).matches()) {
        return YearMonth.parse(text);
      }
    } catch (DateTimeException noMonth) {
      throw wrong(field);
    }
    throw wrong(field);
  }

  static ZoneId zone(String id) {
    // An offset is no zone: the days of most countries change theirs.
    if (!ZoneId.getAvailableZoneIds().contains(id)) {
      throw RequestRefusedException.invalid(
          "zone", "the id of a time zone, such as Europe/Berlin or UTC");
    }
    return ZoneId.of(id);
  }

  private static RequestRefusedException wrong(String field) {
    return RequestRefusedException.invalid(field, "a month of 2000 to 2099, as 2026-11");
  }

  Instant from() {
    return month.atDay(1).atStartOfDay(zone).toInstant();
  }

  Instant to() {
    return month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
  }
}
