package io.billingsdk.server.ledger;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Into which spans of time usage is divided, by the clock of a time zone. A day of a change of the
 * clock has 23 or 25 hours; an hour that the clock shows twice is two, unless the clock goes back
 * by less than an hour: then it is one and longer.
 */
public enum Bucket {
  /** The whole range. */
  ALL,
  /** Hours. */
  HOUR,
  /** Days. */
  DAY,
  /** Months. */
  MONTH;

  /**
   * The beginnings of all buckets that have a part in {@code [from, to)}, in their order: the first
   * may be before {@code from}.
   */
  List<Instant> beginnings(Instant from, Instant to, ZoneId zone) {
    if (this == ALL) {
      return List.of(from);
    }
    List<Instant> found = new ArrayList<>();
    Instant last = Instant.MIN;
    ZonedDateTime next = beginningOf(from.atZone(zone));
    while (next.toInstant().isBefore(to)) {
      // A day that a zone left out begins with the next one.
      if (next.toInstant().isAfter(last)) {
        last = next.toInstant();
        found.add(last);
      }
      next = after(next);
    }
    return found;
  }

  private ZonedDateTime beginningOf(ZonedDateTime moment) {
    return switch (this) {
      case HOUR -> moment.truncatedTo(ChronoUnit.HOURS);
      case DAY -> moment.toLocalDate().atStartOfDay(moment.getZone());
      case MONTH -> moment.toLocalDate().withDayOfMonth(1).atStartOfDay(moment.getZone());
      case ALL -> throw new IllegalStateException("has no beginning of its own");
    };
  }

  private ZonedDateTime after(ZonedDateTime beginning) {
    return switch (this) {
      case HOUR -> nextHour(beginning);
      case DAY -> beginning.toLocalDate().plusDays(1).atStartOfDay(beginning.getZone());
      case MONTH ->
          beginning.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay(beginning.getZone());
      case ALL -> throw new IllegalStateException("has no next");
    };
  }

  private static ZonedDateTime nextHour(ZonedDateTime beginning) {
    ZonedDateTime next = beginning.plusHours(1).truncatedTo(ChronoUnit.HOURS);
    // The clock went back by less than an hour, and shows this one still.
    return next.isAfter(beginning) ? next : beginning.plusHours(2).truncatedTo(ChronoUnit.HOURS);
  }
}
