package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.rating.BillingInterval;
import io.billingsdk.server.quotas.PlanCalendar.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Changes between plans of a month and of a year: each moment is in one period, for ever. */
class PlanCalendarTest {
  private static final long SEED = Long.getLong("calendar.seed", System.nanoTime());
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe");
  private static final Instant BEGIN = Instant.parse("2027-01-20T00:00:00Z");
  private static final LocalDate ANCHOR = LocalDate.of(2027, 1, 15);

  private static Stretch stretch(Instant from, BillingInterval interval, String zone) {
    return new Stretch(from, BillingCalendar.anchored(ANCHOR, interval, ZoneId.of(zone))::periodAt);
  }

  private static Stretch monthly() {
    return stretch(Instant.MIN, BillingInterval.MONTH, "UTC");
  }

  private static Stretch yearlyFrom(String moment) {
    return stretch(Instant.parse(moment), BillingInterval.YEAR, "UTC");
  }

  private static QuotaPeriod period(String start, String end) {
    return new QuotaPeriod(Instant.parse(start), Instant.parse(end));
  }

  @Test
  void monthToYear_keepsTheBeginning_andMovesTheEnd() {
    PlanCalendar calendar =
        new PlanCalendar(List.of(monthly(), yearlyFrom("2027-03-20T12:00:00Z")));

    QuotaPeriod running = period("2027-03-15T00:00:00Z", "2028-01-15T00:00:00Z");
    assertThat(calendar.at(Instant.parse("2027-03-20T11:59:59Z"))).isEqualTo(running);
    assertThat(calendar.at(Instant.parse("2027-12-24T00:00:00Z"))).isEqualTo(running);
    assertThat(calendar.at(Instant.parse("2027-03-14T23:59:59Z")))
        .isEqualTo(period("2027-02-15T00:00:00Z", "2027-03-15T00:00:00Z"));
    assertThat(calendar.at(running.end()))
        .isEqualTo(period("2028-01-15T00:00:00Z", "2029-01-15T00:00:00Z"));
  }

  @Test
  void yearToMonth_keepsTheBeginning_andMovesTheEnd() {
    PlanCalendar calendar =
        new PlanCalendar(
            List.of(
                stretch(Instant.MIN, BillingInterval.YEAR, "UTC"),
                stretch(Instant.parse("2027-06-20T12:00:00Z"), BillingInterval.MONTH, "UTC")));

    assertThat(calendar.at(Instant.parse("2027-06-20T12:00:00Z")))
        .isEqualTo(period("2027-01-15T00:00:00Z", "2027-07-15T00:00:00Z"));
    assertThat(calendar.at(Instant.parse("2027-07-15T00:00:00Z")))
        .isEqualTo(period("2027-07-15T00:00:00Z", "2027-08-15T00:00:00Z"));
  }

  @Test
  void monthToYear_atTheEndOfAMonth_beginsAPeriodThere() {
    PlanCalendar calendar =
        new PlanCalendar(List.of(monthly(), yearlyFrom("2027-03-15T02:00:00Z")));

    assertThat(calendar.at(Instant.parse("2027-03-15T00:00:00Z")))
        .isEqualTo(period("2027-03-15T00:00:00Z", "2028-01-15T00:00:00Z"));
    assertThat(calendar.at(Instant.parse("2027-03-14T23:00:00Z")).end())
        .isEqualTo("2027-03-15T00:00:00Z");
  }

  @Test
  void months_ofAllZones_areWithoutGapAndOverlap() {
    long moments = 0;
    for (String each : ZoneId.getAvailableZoneIds()) {
      ZoneId zone = ZoneId.of(each);
      PlanCalendar months =
          new PlanCalendar(
              List.of(new Stretch(Instant.MIN, BillingCalendar.months(zone)::periodAt)));
      QuotaPeriod period = months.at(Instant.parse("2024-01-15T00:00:00Z"));
      while (period.start().isBefore(Instant.parse("2028-02-01T00:00:00Z"))) {
        QuotaPeriod next = months.at(period.end());
        assertThat(next.start()).as(each).isEqualTo(period.end());
        assertThat(months.at(period.end().minusMillis(1))).as(each).isEqualTo(period);
        assertThat(months.at(period.start())).as(each).isEqualTo(period);
        assertThat(period.start().atZone(zone).getDayOfMonth()).as(each).isEqualTo(1);
        moments += 3;
        period = next;
      }
    }
    assertThat(moments).isGreaterThan(80_000);
  }

  /** Random changes: no gap, no overlap, and no beginning that moves when another change comes. */
  @Test
  void changes_atAnyMoments_leaveEachMomentInOnePeriod_andItsBeginningWhereItWas() {
    Random random = new Random(SEED);
    for (int run = 0; run < 300; run++) {
      String zone = ZONES.get(random.nextInt(ZONES.size()));
      List<Stretch> stretches =
          new ArrayList<>(List.of(stretch(Instant.MIN, BillingInterval.MONTH, zone)));
      Instant changed = BEGIN;
      PlanCalendar before = new PlanCalendar(stretches);
      for (int change = 0; change < 6; change++) {
        changed = changed.plus(Duration.ofMinutes(1 + random.nextInt(60 * 24 * 120)));
        boolean isYear = change % 2 == 0;
        stretches.add(
            stretch(changed, isYear ? BillingInterval.YEAR : BillingInterval.MONTH, zone));
        PlanCalendar after = new PlanCalendar(stretches);
        assertTiled(after, random);
        assertSameBeginnings(before, after, changed, random);
        before = after;
      }
    }
  }

  private static void assertTiled(PlanCalendar calendar, Random random) {
    QuotaPeriod period = calendar.at(BEGIN);
    while (period.start().isBefore(Instant.parse("2031-01-01T00:00:00Z"))) {
      Instant inside =
          period
              .start()
              .plusMillis(
                  random.nextLong(period.end().toEpochMilli() - period.start().toEpochMilli()));
      assertThat(calendar.at(period.end().minusMillis(1))).as("seed %d", SEED).isEqualTo(period);
      QuotaPeriod next = calendar.at(period.end());
      assertThat(next.start()).as("seed %d", SEED).isEqualTo(period.end());
      // Not from memory, which is of the period after it now.
      assertThat(calendar.at(inside)).as("seed %d", SEED).isEqualTo(period);
      period = next;
    }
  }

  private static void assertSameBeginnings(
      PlanCalendar before, PlanCalendar after, Instant changed, Random random) {
    for (int i = 0; i < 20; i++) {
      Instant moment = changed.minus(Duration.ofMinutes(1 + random.nextInt(60 * 24 * 500)));
      assertThat(after.at(moment).start())
          .as("seed %d, %s, changed at %s", SEED, moment, changed)
          .isEqualTo(before.at(moment).start());
    }
  }
}
