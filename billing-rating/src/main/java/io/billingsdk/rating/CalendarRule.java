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

  /** A boundary: a local day, and the moment at which it comes. */
  record Boundary(LocalDate date, Instant at) {}

  CalendarRule withAnchor(LocalDate newAnchor) {
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
