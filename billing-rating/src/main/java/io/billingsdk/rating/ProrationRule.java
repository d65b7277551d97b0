package io.billingsdk.rating;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * How a price is divided over the time that it is for. A share is exact, and the shares of parts
 * that make up a full period add up to 1.
 */
public enum ProrationRule {
  /**
   * By the local days of the full period; the default. The day of a change belongs to what comes
   * after it.
   */
  DAYS {
    @Override
    Fraction share(BillingPeriod period, Instant from, Instant to) {
      return Fraction.of(
          ChronoUnit.DAYS.between(period.dayOf(from), period.dayOf(to)), period.fullDays());
    }
  },

  /** By the time that passes, to the nanosecond. */
  INSTANT {
    @Override
    Fraction share(BillingPeriod period, Instant from, Instant to) {
      return Fraction.of(
          nanos(Duration.between(from, to)),
          nanos(Duration.between(period.fullStart(), period.fullEnd())));
    }
  },

  /**
   * By months of 30 days whatever the calendar says. Days count from the start of the full period;
   * the days after them are the rest of 30, so the parts of a month of 28 or 31 days add up to 1
   * too. Not for periods below 28 days.
   */
  FIXED_30 {
    @Override
    Fraction share(BillingPeriod period, Instant from, Instant to) {
      if (period.fullDays() < 28) {
        throw new RatingInputException("period", "28 days or longer", period.fullDays());
      }
      long length = 30 * months(period.fullDays());
      return Fraction.of(
          position(period, period.dayOf(to), length) - position(period, period.dayOf(from), length),
          length);
    }
  };

  /**
   * The share of the full period that lies between two moments.
   *
   * @param period the period that both are in
   * @param from the first moment
   * @param to the moment after the last; at or after {@code from}
   * @return 0 to 1
   */
  public Fraction shareOf(BillingPeriod period, Instant from, Instant to) {
    if (from.isBefore(period.start()) || to.isAfter(period.end())) {
      throw new RatingInputException(
          "part of the period",
          "within " + period.start() + " and " + period.end(),
          from + " to " + to);
    }
    if (from.isAfter(to)) {
      throw new RatingInputException("to", "at or after from, " + from, to);
    }
    return share(period, from, to);
  }

  /** The share of the full period that this period is: 1 unless it is partial. */
  public Fraction shareOf(BillingPeriod period) {
    return share(period, period.start(), period.end());
  }

  /** The share of the full period that lies between two local days, the second not included. */
  public Fraction shareOf(BillingPeriod period, LocalDate from, LocalDate to) {
    return shareOf(period, midnight(period, from), midnight(period, to));
  }

  /** The share, of moments that are inside the period and in order. */
  abstract Fraction share(BillingPeriod period, Instant from, Instant to);

  private static Instant midnight(BillingPeriod period, LocalDate day) {
    // At a change of the zone a period begins and ends at the midnights of two zones.
    if (day.equals(period.from())) {
      return period.start();
    }
    return day.equals(period.to()) ? period.end() : day.atStartOfDay(period.zone()).toInstant();
  }

  private static BigInteger nanos(Duration duration) {
    return BigInteger.valueOf(duration.getSeconds())
        .multiply(BigInteger.valueOf(1_000_000_000))
        .add(BigInteger.valueOf(duration.getNano()));
  }

  /** How many months a period of so many days is: the nearest to 30.5 days each. */
  private static long months(long days) {
    return (2 * days + 30) / 61;
  }

  private static long position(BillingPeriod period, LocalDate day, long length) {
    return day.equals(period.fullTo())
        ? length
        : Math.min(ChronoUnit.DAYS.between(period.fullFrom(), day), length);
  }
}
