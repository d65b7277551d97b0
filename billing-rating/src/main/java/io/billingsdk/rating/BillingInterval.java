package io.billingsdk.rating;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * How long a billing period is: so many weeks, months or years.
 *
 * @param count 1 to 120
 * @param unit the counted unit
 */
public record BillingInterval(int count, Unit unit) {
  /** One month. */
  public static final BillingInterval MONTH = new BillingInterval(1, Unit.MONTH);

  /** One year. */
  public static final BillingInterval YEAR = new BillingInterval(1, Unit.YEAR);

  private static final int MOST = 120;

  /** The units of an interval. */
  public enum Unit {
    /** Seven days. */
    WEEK(ChronoUnit.WEEKS, 7, 1),
    /** A month of the calendar. */
    MONTH(ChronoUnit.MONTHS, 146_097, 4_800),
    /** A year of the calendar. */
    YEAR(ChronoUnit.YEARS, 146_097, 400);

    private final ChronoUnit chrono;
    // On average over the calendar's cycle of 400 years, which are 146,097 days.
    private final long days;
    private final long units;

    Unit(ChronoUnit chrono, long days, long units) {
      this.chrono = chrono;
      this.days = days;
      this.units = units;
    }
  }

  /** Checks the count. */
  public BillingInterval {
    Check.count("count", count, MOST);
    Objects.requireNonNull(unit, "unit");
  }

  /**
   * The boundary so many intervals after the anchor, or before it if negative. It is reckoned from
   * the anchor, so that the 31st becomes the 28th in February and the 31st again in March.
   */
  LocalDate boundary(LocalDate anchor, long n) {
    return anchor.plus(Math.multiplyExact(n, count), unit.chrono);
  }

  /** The number of the last boundary that is on this date or before it. */
  long lastUpTo(LocalDate anchor, LocalDate date) {
    long n = Math.floorDiv(unit.chrono.between(anchor, date), count);
    // The library counts whole months from the anchor's day; clipped days make it one off.
    while (boundary(anchor, n).isAfter(date)) {
      n--;
    }
    while (!boundary(anchor, n + 1).isAfter(date)) {
      n++;
    }
    return n;
  }

  /** Its days on average over the calendar's cycle of 400 years. */
  Fraction averageDays() {
    return Fraction.of(unit.days, unit.units).times(Fraction.of(count));
  }
}
