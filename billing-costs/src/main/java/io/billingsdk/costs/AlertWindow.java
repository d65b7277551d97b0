package io.billingsdk.costs;

import io.billingsdk.costs.LocalDays.Period;
import io.billingsdk.costs.LocalDays.Range;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/**
 * The times whose costs an alert adds up: each local day, week or month, or the last days.
 * Immutable.
 *
 * @param zone of the days
 * @param period empty of one that rolls: its window moves on with the clock
 * @param days how many a rolling window has; 0 without one
 */
public record AlertWindow(ZoneId zone, Optional<Period> period, int days) {
  /** The name of the one slice of a rolling window. */
  public static final String ROLLING = "rolling";

  private static final int MOST_DAYS = 366;

  /** Checks the days. */
  public AlertWindow {
    if (period.isEmpty()) {
      Check.count("days", days, 1, MOST_DAYS);
    } else if (days != 0) {
      throw new CostInputException("days", "left out without a rolling period", days);
    }
  }

  /**
   * One of its times.
   *
   * @param name such as {@code 2026-11-30} for a day, or for the week or month that begins then
   * @param range half-open
   */
  public record Slice(String name, Range range) {
    /** Whether it is over; the slice of a rolling window never is. */
    public boolean isOver(Instant now) {
      return !name.equals(ROLLING) && !range.to().isAfter(now);
    }
  }

  /** Days, weeks or months of a zone. */
  public static AlertWindow of(Period period, ZoneId zone) {
    return new AlertWindow(zone, Optional.of(period), 0);
  }

  /** The last days, each of 24 hours, up to the quarter of an hour that runs. */
  public static AlertWindow rolling(int days) {
    return new AlertWindow(ZoneOffset.UTC, Optional.empty(), days);
  }

  /** Whether it moves on with the clock. */
  public boolean isRolling() {
    return period.isEmpty();
  }

  /** The slice that a cost belongs to; of a rolling window the one of now, if it is in there. */
  public Optional<Slice> sliceOf(Instant at, Instant now) {
    Slice slice = isRolling() ? rolled(now) : whole(at);
    return slice.range().holds(at) ? Optional.of(slice) : Optional.empty();
  }

  /** The slice of a moment, up to its end. */
  public Slice current(Instant now) {
    return isRolling() ? rolled(now) : whole(now);
  }

  private Slice rolled(Instant now) {
    Instant end = LocalDays.quarterOf(now).plus(LocalDays.QUARTER);
    return new Slice(ROLLING, new Range(end.minus(Duration.ofDays(days)), end));
  }

  private Slice whole(Instant at) {
    LocalDays local = new LocalDays(zone);
    LocalDate day = local.dayOf(at);
    LocalDate first;
    LocalDate last;
    switch (period.orElseThrow()) {
      case DAILY -> {
        first = day;
        last = day;
      }
      case WEEKLY -> {
        first = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        last = first.plusDays(6);
      }
      default -> {
        first = day.withDayOfMonth(1);
        last = day.with(TemporalAdjusters.lastDayOfMonth());
      }
    }
    return new Slice(first.toString(), local.days(first, last));
  }
}
