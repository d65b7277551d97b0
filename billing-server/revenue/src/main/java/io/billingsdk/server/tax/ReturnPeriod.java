package io.billingsdk.server.tax;

import io.billingsdk.server.common.RequestRefusedException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.regex.Pattern;

/**
 * The time of a return.
 *
 * @param name {@code 2026-07} or {@code 2026-Q3}
 * @param to the day after its end
 */
record ReturnPeriod(String name, LocalDate from, LocalDate to) {
  private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");
  private static final Pattern QUARTER = Pattern.compile("[0-9]{4}-Q[1-4]");

  static ReturnPeriod month(String text) {
    if (!MONTH.matcher(text).matches()) {
      throw RequestRefusedException.invalid("month", "a month such as 2026-07");
    }
    YearMonth month = YearMonth.parse(text);
    return new ReturnPeriod(text, month.atDay(1), month.plusMonths(1).atDay(1));
  }

  static ReturnPeriod quarter(String text) {
    if (!QUARTER.matcher(text).matches()) {
      throw RequestRefusedException.invalid("quarter", "a quarter such as 2026-Q3");
    }
    int first = 3 * (text.charAt(6) - '1') + 1;
    LocalDate from = LocalDate.of(Integer.parseInt(text.substring(0, 4)), first, 1);
    return new ReturnPeriod(text, from, from.plusMonths(3));
  }
}
