package io.billingsdk.server.statistics;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Range;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/**
 * A day or month so far, and as much of the one before: a month that is ten days old is compared
 * with ten days, and not with a whole month.
 *
 * @param current until now
 * @param before as long as {@code current}, or the whole of the period before if that is shorter
 */
record SameElapsed(Range current, Range before) {
  /** The lengths of time by which statistics are divided. */
  enum Bucket {
    /** The local day. */
    DAY,
    /** The local month. */
    MONTH
  }

  /** Those of a moment. */
  static SameElapsed of(LocalDays days, Bucket bucket, Instant now) {
    LocalDate today = days.dayOf(now);
    LocalDate first = first(bucket, today);
    LocalDate firstBefore = first(bucket, first.minusDays(1));
    Instant start = days.day(first).from();
    Range wholeBefore = new Range(days.day(firstBefore).from(), start);
    Instant end = wholeBefore.from().plus(Duration.between(start, now));
    return new SameElapsed(
        new Range(start, now), new Range(wholeBefore.from(), end.isBefore(start) ? end : start));
  }

  /** The first day of the bucket that a day is in. */
  static LocalDate first(Bucket bucket, LocalDate day) {
    return bucket == Bucket.DAY ? day : day.with(TemporalAdjusters.firstDayOfMonth());
  }
}
