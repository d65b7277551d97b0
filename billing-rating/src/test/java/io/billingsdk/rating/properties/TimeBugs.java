package io.billingsdk.rating.properties;

import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.rating.UnusedCredit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** Bugs of periods and their shares that others have had. */
final class TimeBugs {
  private TimeBugs() {}

  static void addTo(Map<String, Subject> bugs) {
    bugs.put("a month's end stays at the 28th after a February", new TheTwentyEighthForEver());
    bugs.put("boundaries keep the offset of January", new OffsetInsteadOfZone());
    bugs.put("the end of a period is inside it", new EndInside());
    bugs.put("a day has 24 hours", new DaysOf24Hours());
    bugs.put("the credit is rounded by itself", new CreditRoundedAlone());
    bugs.put("what was credited before is forgotten", new EarlierCreditForgotten());
  }

  private static final class TheTwentyEighthForEver extends Subject {
    @Override
    BillingPeriod periodAt(BillingCalendar calendar, Instant moment) {
      BillingPeriod period = super.periodAt(calendar, moment);
      return BillingPeriod.of(clip(period.from()), clip(period.to()), period.zone());
    }

    private static LocalDate clip(LocalDate day) {
      return day.getDayOfMonth() > 28 ? day.withDayOfMonth(28) : day;
    }
  }

  private static final class OffsetInsteadOfZone extends Subject {
    @Override
    BillingPeriod periodAt(BillingCalendar calendar, Instant moment) {
      BillingPeriod period = super.periodAt(calendar, moment);
      ZoneOffset january =
          period.zone().getRules().getOffset(Instant.parse("2026-01-01T00:00:00Z"));
      return BillingPeriod.of(period.from(), period.to(), january);
    }
  }

  private static final class EndInside extends Subject {
    @Override
    BillingPeriod periodAt(BillingCalendar calendar, Instant moment) {
      return super.periodAt(calendar, moment.minusNanos(1));
    }
  }

  private static final class DaysOf24Hours extends Subject {
    @Override
    Fraction share(ProrationRule rule, BillingPeriod period, LocalDate from, LocalDate to) {
      Instant begin = from.atStartOfDay(period.zone()).toInstant();
      Instant end = to.atStartOfDay(period.zone()).toInstant();
      return Fraction.of(Duration.between(begin, end).toDays(), period.fullDays());
    }
  }

  private static final class CreditRoundedAlone extends Subject {
    @Override
    UnusedCredit unused(Money charged, Fraction kept, Money credited) {
      UnusedCredit right = super.unused(charged, kept, credited);
      Fraction rest = Fraction.ONE.minus(kept);
      Money credit = Money.rounded(charged.currency(), charged.exactly().times(rest));
      return new UnusedCredit(right.kept(), credit, credit.min(charged.minus(credited)));
    }
  }

  private static final class EarlierCreditForgotten extends Subject {
    @Override
    UnusedCredit unused(Money charged, Fraction kept, Money credited) {
      return super.unused(charged, kept, Money.zero(charged.currency()));
    }
  }
}
