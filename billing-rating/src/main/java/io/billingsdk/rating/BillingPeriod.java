package io.billingsdk.rating;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * A billing period, half-open: its first moment is inside, its end is not. Where one ends the next
 * begins, so a customer's periods have no gap and no overlap, whatever their clocks do.
 *
 * <p>A period that a start, an end or a new bill day cut short knows the full period that prices
 * are for: its days are the denominator of what is prorated.
 *
 * @param from the first local day
 * @param to the local day after the last
 * @param start the moment at which it begins
 * @param end the moment at which it ends
 * @param fullFrom the first local day of the full period
 * @param fullTo the local day after the last of the full period
 * @param fullStart the moment at which the full period begins
 * @param fullEnd the moment at which the full period ends
 * @param zone the zone of the local days
 */
public record BillingPeriod(
    LocalDate from,
    LocalDate to,
    Instant start,
    Instant end,
    LocalDate fullFrom,
    LocalDate fullTo,
    Instant fullStart,
    Instant fullEnd,
    ZoneId zone) {

  /** Checks that it ends after it begins, and is inside the full period. */
  public BillingPeriod {
    Objects.requireNonNull(zone, "zone");
    if (!from.isBefore(to) || !start.isBefore(end)) {
      throw new RatingInputException("to", "after from, " + from, to);
    }
    if (from.isBefore(fullFrom) || to.isAfter(fullTo)) {
      throw new RatingInputException(
          "full period", "around " + from + " to " + to, fullFrom + " to " + fullTo);
    }
    if (start.isBefore(fullStart) || end.isAfter(fullEnd)) {
      throw new RatingInputException(
          "full period", "around " + start + " to " + end, fullStart + " to " + fullEnd);
    }
  }

  /** The period between two local midnights of a zone, which is a full one. */
  public static BillingPeriod of(LocalDate from, LocalDate to, ZoneId zone) {
    Instant start = from.atStartOfDay(zone).toInstant();
    Instant end = to.atStartOfDay(zone).toInstant();
    return new BillingPeriod(from, to, start, end, from, to, start, end, zone);
  }

  /** The local days of the period. */
  public long days() {
    return ChronoUnit.DAYS.between(from, to);
  }

  /** The local days of the full period. */
  public long fullDays() {
    return ChronoUnit.DAYS.between(fullFrom, fullTo);
  }

  /** Whether this moment is in the period: its start is, its end is not. */
  public boolean contains(Instant moment) {
    return !moment.isBefore(start) && moment.isBefore(end);
  }

  /** Whether a start, an end or a new bill day cut it short. */
  public boolean isPartial() {
    return !start.equals(fullStart) || !end.equals(fullEnd);
  }

  /**
   * The local day of a moment of the period. The end is the day after the last, also where another
   * zone than that of the period decided when the period ends.
   */
  LocalDate dayOf(Instant moment) {
    if (moment.isBefore(start) || moment.isAfter(end)) {
      throw new RatingInputException("moment", "within " + start + " and " + end, moment);
    }
    if (moment.equals(start)) {
      return from;
    }
    if (moment.equals(end)) {
      return to;
    }
    LocalDate day = moment.atZone(zone).toLocalDate();
    return day.isBefore(from) ? from : day.isAfter(to) ? to : day;
  }

  /** The part of the period from this day on; its first moment is the local midnight. */
  BillingPeriod startingOn(LocalDate day) {
    Instant first = day.atStartOfDay(zone).toInstant();
    return new BillingPeriod(day, to, first, end, fullFrom, fullTo, fullStart, fullEnd, zone);
  }

  /** The part of the period before this day; it ends at the local midnight. */
  BillingPeriod endingOn(LocalDate day) {
    Instant last = day.atStartOfDay(zone).toInstant();
    return new BillingPeriod(from, day, start, last, fullFrom, fullTo, fullStart, fullEnd, zone);
  }
}
