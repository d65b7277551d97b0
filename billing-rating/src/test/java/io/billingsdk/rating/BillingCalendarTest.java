package io.billingsdk.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BillingCalendarTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @Test
  void zoneChange_westward_startsTheNextPeriodWhereTheLastEnded() {
    BillingCalendar calendar =
        BillingCalendar.months(BERLIN).withZone(Instant.parse("2026-03-10T12:00:00Z"), NEW_YORK);
    BillingPeriod march = calendar.periodAt(Instant.parse("2026-03-15T00:00:00Z"));
    BillingPeriod april = calendar.periodAt(march.end());
    assertThat(march.end()).isEqualTo("2026-03-31T22:00:00Z");
    assertThat(april.start()).isEqualTo(march.end());
    assertThat(april.end()).isEqualTo("2026-05-01T04:00:00Z");
    assertThat(april.isPartial()).isFalse();
    assertThat(april.days()).isEqualTo(30);
    assertThat(ProrationRule.DAYS.shareOf(april)).isEqualTo(Fraction.ONE);
    assertThat(ProrationRule.INSTANT.shareOf(april)).isEqualTo(Fraction.ONE);
    assertThat(
            ProrationRule.DAYS.shareOf(april, april.start(), Instant.parse("2026-04-01T03:00:00Z")))
        .isEqualTo(Fraction.ZERO);
  }

  @Test
  void zoneChange_eastward_startsTheNextPeriodWhereTheLastEnded() {
    BillingCalendar calendar =
        BillingCalendar.months(NEW_YORK).withZone(Instant.parse("2026-03-10T12:00:00Z"), BERLIN);
    BillingPeriod march = calendar.periodAt(Instant.parse("2026-03-15T00:00:00Z"));
    BillingPeriod april = calendar.periodAt(march.end());
    assertThat(march.end()).isEqualTo("2026-04-01T04:00:00Z");
    assertThat(april.start()).isEqualTo(march.end());
    assertThat(april.end()).isEqualTo("2026-04-30T22:00:00Z");
    assertThat(april.from()).isEqualTo("2026-04-01");
    assertThat(april.isPartial()).isFalse();
  }

  @Test
  void billDay_thatComesEarlier_leavesTheRunningPeriod() {
    BillingCalendar calendar = billDayChanged(15, RunningPeriod.STAYS);
    assertThat(days(calendar))
        .containsExactly("2025-01-01", "2025-01-20", "2025-02-15", "2025-03-15", "2025-04-01");
  }

  @Test
  void billDay_thatComesEarlier_cutsTheRunningPeriodIfAsked() {
    BillingCalendar calendar = billDayChanged(15, RunningPeriod.IS_CUT);
    assertThat(days(calendar))
        .containsExactly("2025-01-01", "2025-01-15", "2025-02-15", "2025-03-15", "2025-04-01");
    BillingPeriod cut = calendar.periodOf(LocalDate.of(2025, 1, 14));
    assertThat(cut.isPartial()).isTrue();
    assertThat(ProrationRule.DAYS.shareOf(cut)).isEqualTo(Fraction.of(26, 31));
  }

  /** By the seed 636183866692543 of the properties. */
  @Test
  void billDay_thatCutsOnTheDayOnWhichAMoveToTheWestBegan_waitsForTheNextOne() {
    BillingCalendar calendar =
        BillingCalendar.monthsFrom(2, ZoneId.of("Asia/Tokyo"))
            .withZone(Instant.parse("2018-06-10T00:00:00Z"), ZoneId.of("UTC"))
            .withBillDay(Instant.parse("2018-07-01T16:00:00Z"), 2, RunningPeriod.IS_CUT);
    BillingPeriod period = calendar.periodAt(Instant.parse("2018-07-01T16:00:00Z"));
    assertThat(period.from()).isEqualTo("2018-07-02");
    assertThat(period.start()).isEqualTo("2018-07-01T15:00:00Z");
    assertThat(period.to()).isEqualTo("2018-08-02");
  }

  @Test
  void shortPeriod_afterANewBillDay_isAPartOfTheFullPeriodThatEndsThere() {
    BillingPeriod bridge =
        billDayChanged(25, RunningPeriod.STAYS).periodOf(LocalDate.of(2025, 1, 22));
    assertThat(bridge.from()).isEqualTo("2025-01-20");
    assertThat(bridge.to()).isEqualTo("2025-01-25");
    assertThat(ProrationRule.DAYS.shareOf(bridge)).isEqualTo(Fraction.of(5, 31));
  }

  @Test
  void secondChange_beforeTheFirstTookOver_isMadeOfBoth() {
    BillingCalendar calendar =
        BillingCalendar.months(BERLIN)
            .withZone(Instant.parse("2026-03-10T12:00:00Z"), NEW_YORK)
            .withBillDay(Instant.parse("2026-03-11T12:00:00Z"), 15, RunningPeriod.STAYS);
    BillingPeriod after = calendar.periodAt(Instant.parse("2026-04-10T00:00:00Z"));
    assertThat(after.start()).isEqualTo("2026-03-31T22:00:00Z");
    assertThat(after.end()).isEqualTo("2026-04-15T04:00:00Z");
  }

  @Test
  void midnight_thatTheClockSkips_isTheFirstMomentOfTheDay() {
    // Beirut's clock went from 0:00 to 1:00 on 26 March 2022.
    BillingCalendar calendar = BillingCalendar.monthsFrom(27, ZoneId.of("Asia/Beirut"));
    BillingPeriod period = calendar.periodOf(LocalDate.of(2022, 3, 27));
    assertThat(period.start()).isEqualTo("2022-03-26T22:00:00Z");
    assertThat(Duration.between(period.start(), period.end()).toHours()).isEqualTo(31 * 24 - 1);
    assertThat(period.days()).isEqualTo(31);
  }

  @Test
  void day_thatNeverWas_hasNoLength() {
    // Apia went from 29 to 31 December 2011.
    BillingCalendar calendar = BillingCalendar.monthsFrom(30, ZoneId.of("Pacific/Apia"));
    BillingPeriod before = calendar.periodAt(Instant.parse("2011-12-15T00:00:00Z"));
    BillingPeriod after = calendar.periodAt(before.end());
    assertThat(before.end()).isEqualTo("2011-12-30T10:00:00Z").isEqualTo(after.start());
    assertThat(after.from()).isEqualTo("2011-12-30");
  }

  @Test
  void anchor_withATimeOfDay_movesEachBoundary() {
    BillingCalendar calendar = BillingCalendar.months(BERLIN).at(LocalTime.of(6, 0));
    assertThat(calendar.periodAt(Instant.parse("2026-07-01T03:59:59Z")).end())
        .isEqualTo("2026-07-01T04:00:00Z");
  }

  @Test
  void priceChange_ofDifferentIntervals_isComparedByTheDay() {
    Money monthly = Money.parse("29.00 USD");
    Money yearly = Money.parse("348.00 USD");
    BillingInterval month = BillingInterval.MONTH;
    BillingInterval year = BillingInterval.YEAR;
    assertThat(PriceChange.between(monthly, month, yearly, year)).isEqualTo(PriceChange.SAME);
    Money cheaper = Money.parse("347.99 USD");
    PriceChange down = PriceChange.between(monthly, month, cheaper, year);
    assertThat(down).isEqualTo(PriceChange.DOWNGRADE);
    assertThat(down.usualTiming()).isEqualTo(PriceChange.Timing.AT_PERIOD_END);
    PriceChange up = PriceChange.between(yearly, year, Money.parse("29.01 USD"), month);
    assertThat(up).isEqualTo(PriceChange.UPGRADE);
    assertThat(up.usualTiming()).isEqualTo(PriceChange.Timing.NOW);
  }

  @Test
  void instant_overAChangeOfTheClock_countsTheTimeThatPasses() {
    BillingPeriod march = BillingCalendar.months(NEW_YORK).periodOf(LocalDate.of(2024, 3, 1));
    Instant change = march.start().plus(Duration.ofHours(743 / 2)).plusSeconds(1_800);
    assertThat(ProrationRule.INSTANT.shareOf(march, march.start(), change))
        .isEqualTo(Fraction.of(1, 2));
  }

  private static BillingCalendar billDayChanged(int day, RunningPeriod running) {
    ZoneId utc = ZoneId.of("UTC");
    Instant made = Instant.parse("2025-01-05T00:00:00Z");
    return BillingCalendar.monthsFrom(20, utc).withBillDay(made, day, running);
  }

  private static List<String> days(BillingCalendar calendar) {
    List<BillingPeriod> periods =
        calendar.periods(LocalDate.of(2025, 1, 1), LocalDate.of(2025, 4, 1));
    return Stream.concat(
            periods.stream().map(BillingPeriod::from),
            Stream.of(periods.get(periods.size() - 1).to()))
        .map(LocalDate::toString)
        .toList();
  }
}
