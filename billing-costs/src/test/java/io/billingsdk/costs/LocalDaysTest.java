package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.testbed.Proof;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class LocalDaysTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2026, 12, 31);

  /** Each region of the zone database with another offset or another rule. */
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Asia/Kathmandu",
          "Pacific/Chatham",
          "Australia/Lord_Howe",
          "Australia/Eucla",
          "Asia/Kolkata",
          "Asia/Yangon",
          "Asia/Kabul",
          "Asia/Tehran",
          "Asia/Colombo",
          "America/St_Johns",
          "Pacific/Marquesas",
          "Pacific/Apia",
          "Pacific/Kiritimati",
          "Pacific/Pago_Pago",
          "Pacific/Auckland",
          "Pacific/Fiji",
          "Pacific/Tongatapu",
          "America/New_York",
          "America/Chicago",
          "America/Denver",
          "America/Phoenix",
          "America/Los_Angeles",
          "America/Anchorage",
          "America/Adak",
          "America/Havana",
          "America/Santiago",
          "America/Asuncion",
          "America/Sao_Paulo",
          "America/Nuuk",
          "America/Argentina/Buenos_Aires",
          "Atlantic/Azores",
          "Atlantic/Cape_Verde",
          "Europe/London",
          "Europe/Dublin",
          "Europe/Berlin",
          "Europe/Istanbul",
          "Europe/Moscow",
          "Africa/Cairo",
          "Africa/Casablanca",
          "Africa/Johannesburg",
          "Africa/Lagos",
          "Asia/Beirut",
          "Asia/Gaza",
          "Asia/Jerusalem",
          "Asia/Dubai",
          "Asia/Shanghai",
          "Asia/Tokyo",
          "Australia/Sydney",
          "Australia/Adelaide");

  @Test
  void daysOfAYear_inFiftyZones_areTheRangeInWholeQuarters() {
    Set<Long> lengths = new TreeSet<>();
    long days = 0;
    for (String name : ZONES) {
      LocalDays local = new LocalDays(ZoneId.of(name));
      Instant next = local.days(FIRST, LAST).from();
      long quarters = 0;
      for (LocalDate day : local.list(FIRST, LAST)) {
        LocalDays.Range range = local.day(day);
        assertThat(range.from()).as("%s %s", name, day).isEqualTo(next);
        List<Instant> parts = LocalDays.quarters(range);
        assertThat(parts).allMatch(quarter -> local.dayOf(quarter).equals(day));
        quarters += parts.size();
        lengths.add((long) parts.size());
        next = range.to();
        days++;
      }
      assertThat(next).isEqualTo(local.days(FIRST, LAST).to());
      assertThat(LocalDays.quarters(local.days(FIRST, LAST))).hasSize((int) quarters);
    }
    Proof.of("cost-days")
        .with("zones", ZONES.size())
        .with("days", days)
        .with("quarters_of_a_day", lengths)
        .with("wrong", 0)
        .print();
    assertThat(ZONES).hasSize(50).doesNotHaveDuplicates();
    assertThat(lengths).contains(92L, 94L, 96L, 98L, 100L);
  }

  @Test
  void periods_soFar_beginAtLocalMidnight() {
    LocalDays local = new LocalDays(ZoneId.of("Asia/Kathmandu"));
    Instant now = Instant.parse("2026-05-10T18:20:00Z");
    assertThat(local.soFar(LocalDays.Period.DAILY, now).from()).isEqualTo("2026-05-10T18:15:00Z");
    assertThat(local.soFar(LocalDays.Period.WEEKLY, now).from()).isEqualTo("2026-05-10T18:15:00Z");
    assertThat(local.soFar(LocalDays.Period.MONTHLY, now).from()).isEqualTo("2026-04-30T18:15:00Z");
    assertThat(local.soFar(LocalDays.Period.MONTHLY, now).to()).isEqualTo(now);
    assertThat(local.last(30, now)).hasSize(30).endsWith(LocalDate.of(2026, 5, 11));
  }

  /** Samoa had no 30 December 2011. */
  @Test
  void dayThatAZoneLeftOut_hasNoLength() {
    LocalDays apia = new LocalDays(ZoneId.of("Pacific/Apia"));
    assertThat(apia.day(LocalDate.of(2011, 12, 30)).length()).isZero();
    assertThat(apia.day(LocalDate.of(2011, 12, 29)).length()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void ranges_thatAreNone_areRefused() {
    LocalDays utc = LocalDays.utc();
    assertThatThrownBy(() -> utc.list(LAST, FIRST)).hasMessageContaining("days");
    assertThatThrownBy(() -> utc.list(FIRST, LocalDate.MAX)).hasMessageContaining("days");
    assertThatThrownBy(() -> utc.last(0, Instant.EPOCH)).hasMessageContaining("days");
    assertThatThrownBy(() -> new LocalDays.Range(Instant.MAX, Instant.MIN))
        .isInstanceOf(CostInputException.class);
    assertThatThrownBy(
            () -> LocalDays.quarters(new LocalDays.Range(Instant.EPOCH, Instant.ofEpochSecond(7))))
        .hasMessageContaining("quarter");
    assertThat(LocalDays.quarterOf(Instant.ofEpochSecond(-1))).isEqualTo("1969-12-31T23:45:00Z");
  }
}
