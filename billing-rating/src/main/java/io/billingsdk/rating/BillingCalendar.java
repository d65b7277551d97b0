package io.billingsdk.rating;

import io.billingsdk.rating.CalendarRule.Boundary;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The billing periods of a customer, in the past and in the future.
 *
 * <p>Boundaries are local midnights of the customer's zone, reckoned from an anchor: an anchor on
 * the 31st gives the last day of shorter months, and the 31st again after them. A period ends at
 * the moment at which the next begins, over changes of the clock, of the bill day and of the zone.
 * After such a change the running period ends as it was announced, and the boundaries after it
 * follow the new rule.
 *
 * <p>The rules of a zone are those of the JDK's time zone data. Immutable: a change makes another
 * calendar.
 */
public final class BillingCalendar {
  private static final LocalDate FIRST_OF_MONTH = LocalDate.of(2000, 1, 1);
  private static final int MOST_PERIODS = 10_000;

  /** A rule, from the boundary on at which it took over; the first is for all time before. */
  private record Era(@Nullable Boundary since, CalendarRule rule) {
    boolean hasBegun(Instant moment) {
      return since == null || !since.at().isAfter(moment);
    }

    /** Whether a boundary of the rule comes after the one that ended the era before. */
    boolean owns(Boundary boundary) {
      return since == null
          || (boundary.date().isAfter(since.date()) && boundary.at().isAfter(since.at()));
    }
  }

  private final List<Era> eras;

  private BillingCalendar(List<Era> eras) {
    this.eras = List.copyOf(eras);
  }

  /** Calendar months: the default of a subscription. */
  public static BillingCalendar months(ZoneId zone) {
    return anchored(FIRST_OF_MONTH, BillingInterval.MONTH, zone);
  }

  /** Months that begin on this day, 1 to 31, or on the last day of a shorter month. */
  public static BillingCalendar monthsFrom(int billDay, ZoneId zone) {
    return anchored(anchorOn(billDay), BillingInterval.MONTH, zone);
  }

  /** Years that begin on this day; 29 February is the 28th in a common year. */
  public static BillingCalendar yearsFrom(MonthDay billDay, ZoneId zone) {
    return anchored(billDay.atYear(FIRST_OF_MONTH.getYear()), BillingInterval.YEAR, zone);
  }

  /**
   * Intervals, one of them beginning on the anchor.
   *
   * @param zone the id of a region, such as {@code Europe/Berlin}, or {@code UTC}; an offset has no
   *     summer time, and is refused
   */
  public static BillingCalendar anchored(LocalDate anchor, BillingInterval interval, ZoneId zone) {
    Objects.requireNonNull(anchor, "anchor");
    Objects.requireNonNull(interval, "interval");
    CalendarRule rule = new CalendarRule(anchor, LocalTime.MIDNIGHT, interval, region(zone));
    return new BillingCalendar(List.of(new Era(null, rule)));
  }

  /** The same calendar with boundaries at this local time instead of midnight. */
  public BillingCalendar at(LocalTime timeOfDay) {
    if (eras.size() > 1) {
      throw new RatingInputException("time of day", "set before the calendar changes", timeOfDay);
    }
    return new BillingCalendar(List.of(new Era(null, eras.get(0).rule().withTime(timeOfDay))));
  }

  /**
   * The calendar after a change of the bill day, 1 to 31, that is made at this moment. Periods of
   * several months, or of years, begin in the months in which they began before; those of weeks
   * have no such day.
   */
  public BillingCalendar withBillDay(Instant made, int billDay, RunningPeriod running) {
    return changed(made, last().rule().onDay(Check.count("billDay", billDay, 31)), running);
  }

  /** The calendar after a change of the customer's zone that is made at this moment. */
  public BillingCalendar withZone(Instant made, ZoneId zone) {
    return changed(made, last().rule().withZone(region(zone)), RunningPeriod.STAYS);
  }

  /** The period that holds this moment. */
  public BillingPeriod periodAt(Instant moment) {
    Era era = eraAt(moment);
    Boundary begin = lastUpTo(moment);
    Boundary end = nextAfter(moment);
    long n = era.rule().lastUpTo(end.at());
    Boundary whole = era.rule().boundary(n);
    Boundary fullEnd = whole.at().isBefore(end.at()) ? era.rule().boundary(++n) : end;
    Boundary fullBegin = era.rule().boundary(n - 1);
    // In another zone the same day begins at another moment; the period is then a full one.
    boolean sameDay = !fullBegin.date().isBefore(begin.date());
    Instant fullStart = sameDay ? begin.at() : earlier(fullBegin.at(), begin.at());
    return new BillingPeriod(
        begin.date(),
        end.date(),
        begin.at(),
        end.at(),
        sameDay ? begin.date() : fullBegin.date(),
        fullEnd.date(),
        fullStart,
        fullEnd.at(),
        era.rule().zone());
  }

  /** The period that holds this local day. */
  public BillingPeriod periodOf(LocalDate day) {
    BillingPeriod period = periodAt(day.atStartOfDay(last().rule().zone()).toInstant());
    while (day.isBefore(period.from())) {
      period = periodAt(period.start().minusNanos(1));
    }
    while (!day.isBefore(period.to())) {
      period = periodAt(period.end());
    }
    return period;
  }

  /**
   * The periods of a service, in order and without gaps. The first and the last are partial if the
   * service begins or ends inside them.
   *
   * @param from the first local day of the service
   * @param to the local day after its last
   */
  public List<BillingPeriod> periods(LocalDate from, LocalDate to) {
    if (!from.isBefore(to)) {
      throw new RatingInputException("to", "after from, " + from, to);
    }
    List<BillingPeriod> periods = new ArrayList<>();
    BillingPeriod period = periodOf(from);
    if (from.isAfter(period.from())) {
      period = period.startingOn(from);
    }
    while (period.to().isBefore(to)) {
      periods.add(period);
      if (periods.size() == MOST_PERIODS) {
        throw new RatingInputException("to", "within " + MOST_PERIODS + " periods", to);
      }
      period = periodAt(period.end());
    }
    periods.add(period.to().isAfter(to) ? period.endingOn(to) : period);
    return periods;
  }

  private BillingCalendar changed(Instant made, CalendarRule rule, RunningPeriod running) {
    Boundary takesOver = nextAfter(made);
    if (running == RunningPeriod.IS_CUT) {
      Boundary first = firstAfter(made, rule);
      takesOver = first.at().isBefore(takesOver.at()) ? first : takesOver;
    }
    List<Era> changed = new ArrayList<>();
    for (Era era : eras) {
      // A change that has not taken over yet is replaced: both are in the new rule.
      if (era.hasBegun(made)) {
        changed.add(era);
      }
    }
    changed.add(new Era(takesOver, rule));
    return new BillingCalendar(changed);
  }

  /**
   * Of a new rule. After a move to the west the day of the running period's start may come again.
   */
  private Boundary firstAfter(Instant made, CalendarRule rule) {
    LocalDate begun = lastUpTo(made).date();
    long n = rule.lastUpTo(made) + 1;
    while (!rule.boundary(n).date().isAfter(begun)) {
      n++;
    }
    return rule.boundary(n);
  }

  private Boundary lastUpTo(Instant moment) {
    Era era = eraAt(moment);
    Boundary boundary = era.rule().boundary(era.rule().lastUpTo(moment));
    return era.since() == null || era.owns(boundary) ? boundary : era.since();
  }

  private Boundary nextAfter(Instant moment) {
    Era era = eraAt(moment);
    long n = era.rule().lastUpTo(moment) + 1;
    while (!era.owns(era.rule().boundary(n))) {
      n++;
    }
    Boundary next = era.rule().boundary(n);
    int following = eras.indexOf(era) + 1;
    Boundary takeover = following < eras.size() ? eras.get(following).since() : null;
    return takeover == null || next.at().isBefore(takeover.at()) ? next : takeover;
  }

  private Era eraAt(Instant moment) {
    for (int i = eras.size() - 1; i > 0; i--) {
      if (eras.get(i).hasBegun(moment)) {
        return eras.get(i);
      }
    }
    return eras.get(0);
  }

  private Era last() {
    return eras.get(eras.size() - 1);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static LocalDate anchorOn(int billDay) {
    return FIRST_OF_MONTH.withDayOfMonth(Check.count("billDay", billDay, 31));
  }

  private static ZoneId region(ZoneId zone) {
    if (!ZoneId.getAvailableZoneIds().contains(zone.getId())) {
      throw new RatingInputException(
          "zone", "the id of a region, such as Europe/Berlin", zone.getId());
    }
    return zone;
  }

  /** What becomes of the period in which a bill day changes. */
  public enum RunningPeriod {
    /** It ends as it was announced; the period after it is short. The default. */
    STAYS,
    /** It ends at the first boundary of the new bill day, if that comes earlier. */
    IS_CUT
  }
}
