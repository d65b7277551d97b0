package io.billingsdk.costs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * Hours of each day, in UTC: the start is in it, the end is not. A window whose end is before its
 * start goes over midnight.
 *
 * @param start the first moment
 * @param end the first moment after it; not {@code start}
 */
public record DailyWindow(LocalTime start, LocalTime end) {
  /** Checks that it is not empty. */
  public DailyWindow {
    if (start.equals(end)) {
      throw new CostInputException("window", "of two different times", start + "-" + end);
    }
  }

  /** Reads {@code 00:30-16:30}. */
  static DailyWindow read(String field, String text) {
    int dash = text.indexOf('-');
    try {
      return new DailyWindow(
          LocalTime.parse(text.substring(0, Math.max(0, dash))),
          LocalTime.parse(text.substring(dash + 1)));
    } catch (DateTimeException e) {
      throw new CostInputException(
          field, "two times of the day in UTC, such as 00:30-16:30", '"' + text + '"');
    }
  }

  boolean holds(Instant at) {
    return inside(LocalTime.ofInstant(at, ZoneOffset.UTC));
  }

  boolean overlaps(DailyWindow other) {
    return inside(other.start) || other.inside(start);
  }

  private boolean inside(LocalTime time) {
    boolean isAfterStart = !time.isBefore(start);
    boolean isBeforeEnd = time.isBefore(end);
    return start.isBefore(end) ? isAfterStart && isBeforeEnd : isAfterStart || isBeforeEnd;
  }

  @Override
  public String toString() {
    return start + "-" + end;
  }
}
