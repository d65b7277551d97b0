package io.billingsdk.server.reports;

import io.billingsdk.server.common.RequestRefusedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.regex.Pattern;

/** A calendar month in a zone: from a local midnight to another one, which is not part of it. */
record ReportMonth(YearMonth month, ZoneId zone) {
  private static final Pattern FORM =
      Pattern.compile("(20|2[1-9]|[3-8][0-9]|9[0-8])[0-9]{2}-[0-9]{2}");

  /** Reads {@code 2026-11}. */
  static ReportMonth of(String text, ZoneId zone) {
    try {
      if (FORM.matcher(text).matches()) {
        return new ReportMonth(YearMonth.parse(text), zone);
      }
    } catch (DateTimeException noMonth) {
      throw wrong();
    }
    throw wrong();
  }

  private static RequestRefusedException wrong() {
    return RequestRefusedException.invalid("month", "a month of 2000 to 9899, as 2026-11");
  }

  Instant from() {
    return month.atDay(1).atStartOfDay(zone).toInstant();
  }

  Instant to() {
    return month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
  }
}
