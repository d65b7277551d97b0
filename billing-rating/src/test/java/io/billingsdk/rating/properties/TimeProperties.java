package io.billingsdk.rating.properties;

import static io.billingsdk.rating.properties.Property.require;

import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.rating.UnusedCredit;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Billing periods, their shares, and what is credited of them. */
final class TimeProperties {
  private TimeProperties() {}

  /** Periods follow each other without gap or overlap, over changes of bill day and zone. */
  static void periodsFollowEachOther(Random random, Subject subject) {
    Gen gen = new Gen(random);
    BillingInterval interval = interval(gen);
    // Weeks have no bill day.
    boolean hasBillDay = interval.unit() != BillingInterval.Unit.WEEK;
    BillingCalendar calendar = calendar(interval, gen);
    Instant moment = gen.moment();
    for (int changes = gen.below(4); changes > 0; changes--) {
      Instant made = moment.plusSeconds(86_400L * gen.below(400));
      calendar =
          random.nextBoolean() || !hasBillDay
              ? calendar.withZone(made, gen.zone())
              : calendar.withBillDay(
                  made, 1 + gen.below(31), gen.of(List.of(RunningPeriod.values())));
    }
    BillingPeriod period = subject.periodAt(calendar, moment);
    require(period.contains(moment), "%s does not hold %s", period, moment);
    for (int i = 0; i < 20; i++) {
      BillingPeriod next = subject.periodAt(calendar, period.end());
      require(next.start().equals(period.end()), "%s does not follow %s", next, period);
      require(next.from().equals(period.to()), "%s does not follow %s", next, period);
      BillingPeriod same = subject.periodAt(calendar, next.end().minusNanos(1));
      require(same.equals(next), "the last moment of %s is in %s", next, same);
      period = next;
    }
  }

  /** Boundaries are local midnights on the bill day, or on the last day of a shorter month. */
  static void boundariesAreOnTheBillDay(Random random, Subject subject) {
    Gen gen = new Gen(random);
    int billDay = 1 + gen.below(31);
    var zone = gen.zone();
    BillingCalendar calendar = BillingCalendar.monthsFrom(billDay, zone);
    BillingPeriod period = subject.periodAt(calendar, gen.moment());
    for (int i = 0; i < 14; i++) {
      LocalDate from = period.from();
      int expected = Math.min(billDay, from.lengthOfMonth());
      require(from.getDayOfMonth() == expected, "%s is not day %s", from, billDay);
      Instant midnight = from.atStartOfDay(zone).toInstant();
      require(period.start().equals(midnight), "%s begins at %s", from, period.start());
      require(
          period.to().getMonthValue() == from.plusMonths(1).getMonthValue(),
          "%s to %s is no month",
          from,
          period.to());
      period = subject.periodAt(calendar, period.end());
    }
  }

  /** However a full period is cut, the shares of the parts add up to 1, by each rule. */
  static void sharesAddUpToOne(Random random, Subject subject) {
    Gen gen = new Gen(random);
    BillingPeriod period = subject.periodAt(calendar(gen), gen.moment());
    ProrationRule rule =
        period.fullDays() < 28 ? ProrationRule.DAYS : gen.of(List.of(ProrationRule.values()));
    TreeSet<LocalDate> days = new TreeSet<>(List.of(period.from(), period.to()));
    for (int i = gen.below(5); i > 0; i--) {
      LocalDate day = period.from().plusDays(gen.below((int) period.days()));
      // A day that a zone left out, as Apia did on 30 December 2011, begins with the next one.
      days.add(day.atStartOfDay(period.zone()).toLocalDate());
    }
    List<LocalDate> cuts = new ArrayList<>(days);
    Fraction sum = Fraction.ZERO;
    for (int i = 1; i < cuts.size(); i++) {
      Fraction share = subject.share(rule, period, cuts.get(i - 1), cuts.get(i));
      require(share.signum() >= 0, "%s from %s to %s", share, cuts.get(i - 1), cuts.get(i));
      if (rule == ProrationRule.DAYS) {
        long count = cuts.get(i).toEpochDay() - cuts.get(i - 1).toEpochDay();
        require(
            share.equals(Fraction.of(count, period.fullDays())), "%s for %s days", share, count);
      }
      sum = sum.plus(share);
    }
    require(sum.equals(Fraction.ONE), "the shares of %s by %s are %s", cuts, rule, sum);
  }

  /** Kept and credit add up to what was charged, also after an earlier credit. */
  static void keptAndCreditAddUp(Random random, Subject subject) {
    Gen gen = new Gen(random);
    Money charged = gen.money(gen.currency(), 2_000);
    Fraction kept = gen.share();
    UnusedCredit unused = subject.unused(charged, kept, Money.zero(charged.currency()));
    require(
        unused.kept().plus(unused.credit()).equals(charged),
        "%s kept and %s credited of %s",
        unused.kept(),
        unused.credit(),
        charged);
    Money earlier = gen.money(charged.currency(), 500).min(charged);
    UnusedCredit later = subject.unused(charged, kept, earlier);
    require(later.credit().signum() >= 0, "credit %s", later.credit());
    require(
        earlier.plus(later.credit()).compareTo(charged) <= 0,
        "%s and %s credited of %s",
        earlier,
        later.credit(),
        charged);
  }

  /** The parts of a service make up its days, and its shares those of full periods. */
  static void serviceIsCovered(Random random, Subject subject) {
    Gen gen = new Gen(random);
    LocalDate from = gen.day();
    LocalDate to = from.plusDays(1 + gen.below(800));
    List<BillingPeriod> periods = calendar(gen).periods(from, to);
    require(periods.get(0).from().equals(from), "begins %s", periods.get(0));
    require(periods.get(periods.size() - 1).to().equals(to), "ends %s", periods);
    for (int i = 0; i < periods.size(); i++) {
      BillingPeriod period = periods.get(i);
      require(i == 0 || period.from().equals(periods.get(i - 1).to()), "gap before %s", period);
      Fraction share = subject.share(ProrationRule.DAYS, period, period.from(), period.to());
      require(share.equals(Fraction.of(period.days(), period.fullDays())), "%s", share);
      boolean inside = i > 0 && i < periods.size() - 1;
      require(!inside || share.equals(Fraction.ONE), "%s inside is not full", period);
    }
  }

  private static BillingCalendar calendar(Gen gen) {
    return calendar(interval(gen), gen);
  }

  private static BillingCalendar calendar(BillingInterval interval, Gen gen) {
    return BillingCalendar.anchored(gen.day(), interval, gen.zone());
  }

  private static BillingInterval interval(Gen gen) {
    return new BillingInterval(1 + gen.below(3), gen.of(List.of(BillingInterval.Unit.values())));
  }
}
