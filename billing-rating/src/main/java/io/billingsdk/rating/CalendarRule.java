package io.billingsdk.rating;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * Boundaries that follow from an anchor.
 *
 * @param anchor the day of one boundary, from which all others are reckoned
 * @param time the local time of day of each boundary
 */
record CalendarRule(LocalDate anchor, LocalTime time, BillingInterval interval, ZoneId zone) {

  /** Of years that begin in February, one of these is a leap year. */
  private static final int LONGEST_CYCLE = 9;

  /** A boundary: a local day, and the moment at which it comes. */
  record Boundary(LocalDate date, Instant at) {}

  /** On another day of the same months; in a shorter one on its last day. */
  CalendarRule onDay(int day) {
    if (interval.unit() == BillingInterval.Unit.WEEK) {
      throw new RatingInputException("billDay", "left out, since the periods are of weeks", day);
    }
    LocalDate first = anchor.withDayOfMonth(1);
    LocalDate month = first;
    // An anchor in a short month would shorten the day of the long ones.
    for (int n = 1; n < LONGEST_CYCLE && month.lengthOfMonth() < day; n++) {
      month = interval.boundary(first, n);
    }
    LocalDate newAnchor = month.withDayOfMonth(Math.min(day, month.lengthOfMonth()));
    return new CalendarRule(newAnchor, time, interval, zone);
  }

  CalendarRule withZone(ZoneId newZone) {
    return new CalendarRule(anchor, time, interval, newZone);
  }

  CalendarRule withTime(LocalTime newTime) {
    return new CalendarRule(anchor, newTime, interval, zone);
  }

  Boundary boundary(long n) {
    LocalDate date = interval.boundary(anchor, n);
    // Where the clock skips midnight, the day begins at its first moment that there is.
    return new Boundary(date, date.atTime(time).atZone(zone).toInstant());
  }

  /** The number of the last boundary that has come at this moment. */
  long lastUpTo(Instant moment) {
    long n = interval.lastUpTo(anchor, moment.atZone(zone).toLocalDate());
    while (boundary(n).at().isAfter(moment)) {
      n--;
    }
    while (!boundary(n + 1).at().isAfter(moment)) {
      n++;
    }
    return n;
  }
}
