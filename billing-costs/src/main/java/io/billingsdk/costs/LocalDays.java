package io.billingsdk.costs;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/**
 * Days, weeks and months of a zone, and the quarters of an hour of UTC that rollups are kept by.
 * Offsets in use are multiples of 15 minutes, also those of Kathmandu and the Chatham Islands, so a
 * local day is a whole number of quarters: 92, 96 or 100 of them, or as many as its zone jumps.
 *
 * <p>Immutable.
 *
 * @param zone the zone
 */
public record LocalDays(ZoneId zone) {
  /** The length of a rollup. */
  public static final Duration QUARTER = Duration.ofMinutes(15);

  private static final int MOST_DAYS = 3_700;

  /** A length of time that a question is about, up to its last moment. */
  public enum Period {
    /** The local day. */
    DAILY,
    /** The local week, from Monday. */
    WEEKLY,
    /** The local month. */
    MONTHLY
  }

  /**
   * A time, half-open.
   *
   * @param from the first moment
   * @param to the first moment after it
   */
  public record Range(Instant from, Instant to) {
    /** Checks that it does not end before it starts. */
    public Range {
      if (to.isBefore(from)) {
        throw new CostInputException("to", "not before from, " + from, to);
      }
    }

    /** Whether a moment is in it. */
    public boolean holds(Instant at) {
      return !at.isBefore(from) && at.isBefore(to);
    }

    /** The time between two moments. */
    public Duration length() {
      return Duration.between(from, to);
    }
  }

  /** The start of the quarter of an hour of UTC that a moment is in. */
  public static Instant quarterOf(Instant at) {
    long length = QUARTER.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), length) * length);
  }

  /** Whether a moment is the start of a quarter: rollups can be cut there. */
  public static boolean isQuarter(Instant at) {
    return quarterOf(at).equals(at);
  }

  /** The local day of a moment. */
  public LocalDate dayOf(Instant at) {
    return LocalDate.ofInstant(at, zone);
  }

  /** The time of a local day. A day that its zone left out has no length. */
  public Range day(LocalDate day) {
    return new Range(startOf(day), startOf(day.plusDays(1)));
  }

  /** The time of some local days, the last included. */
  public Range days(LocalDate first, LocalDate last) {
    return new Range(startOf(first), startOf(last.plusDays(1)));
  }

  private Instant startOf(LocalDate day) {
    return day.atStartOfDay(zone).toInstant();
  }

  /** The local days from a first to a last, which is included; at most 3,700. */
  public List<LocalDate> list(LocalDate first, LocalDate last) {
    long count = ChronoUnit.DAYS.between(first, last) + 1;
    if (count < 1 || count > MOST_DAYS) {
      throw new CostInputException("days", "1 to " + MOST_DAYS, count);
    }
    List<LocalDate> days = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      days.add(first.plusDays(i));
    }
    return days;
  }

  /** The last local days up to that of a moment, which is included. */
  public List<LocalDate> last(int days, Instant now) {
    Check.count("days", days, 1, MOST_DAYS);
    LocalDate today = dayOf(now);
    return list(today.minusDays(days - 1L), today);
  }

  /** The local day, week or month of a moment, up to that moment. */
  public Range soFar(Period period, Instant now) {
    LocalDate today = dayOf(now);
    LocalDate first =
        switch (period) {
          case DAILY -> today;
          case WEEKLY -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case MONTHLY -> today.withDayOfMonth(1);
        };
    return new Range(startOf(first), now);
  }

  /** The starts of the quarters in a range whose ends are quarters. */
  public static List<Instant> quarters(Range range) {
    if (!isQuarter(range.from()) || !isQuarter(range.to())) {
      throw new CostInputException(
          "range", "from and to a quarter of an hour of UTC", range.from() + "/" + range.to());
    }
    if (range.length().compareTo(Duration.ofDays(MOST_DAYS)) > 0) {
      throw new CostInputException("range", "at most " + MOST_DAYS + " days", range.length());
    }
    List<Instant> quarters = new ArrayList<>();
    for (Instant at = range.from(); at.isBefore(range.to()); at = at.plus(QUARTER)) {
      quarters.add(at);
    }
    return quarters;
  }

  /** Days in UTC. */
  public static LocalDays utc() {
    return new LocalDays(ZoneOffset.UTC);
  }
}
