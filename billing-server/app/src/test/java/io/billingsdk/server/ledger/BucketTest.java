package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With changes of clocks that are known. */
class BucketTest {
  private static List<Instant> hours(String from, String to, String zone) {
    return Bucket.HOUR.beginnings(Instant.parse(from), Instant.parse(to), ZoneId.of(zone));
  }

  private static List<Instant> days(String from, String to, String zone) {
    return Bucket.DAY.beginnings(Instant.parse(from), Instant.parse(to), ZoneId.of(zone));
  }

  private static List<Instant> at(String... moments) {
    return Stream.of(moments).map(Instant::parse).toList();
  }

  @Test
  void hours_clockBackByHalfAnHour_areOneLongHour() {
    assertThat(hours("2026-04-04T14:00:00Z", "2026-04-04T17:00:00Z", "Australia/Lord_Howe"))
        .isEqualTo(at("2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z"));
  }

  @Test
  void hours_fromWithinTheRepeatedHalf_beginWithTheHourItself() {
    assertThat(hours("2026-04-04T15:10:00Z", "2026-04-04T15:20:00Z", "Australia/Lord_Howe"))
        .isEqualTo(at("2026-04-04T14:00:00Z"));
  }

  @Test
  void hours_clockForwardByHalfAnHour_areOneShortHour() {
    assertThat(hours("2026-10-03T14:30:00Z", "2026-10-03T17:00:00Z", "Australia/Lord_Howe"))
        .isEqualTo(at("2026-10-03T14:30:00Z", "2026-10-03T15:30:00Z", "2026-10-03T16:00:00Z"));
  }

  @Test
  void hours_clockBackByAnHour_areTwo() {
    assertThat(hours("2026-11-01T05:00:00Z", "2026-11-01T08:00:00Z", "America/New_York"))
        .isEqualTo(at("2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z"));
  }

  @Test
  void hours_offsetOfThreeQuarters_beginWithTheZonesHour() {
    assertThat(hours("2026-01-01T00:00:00Z", "2026-01-01T01:30:00Z", "Asia/Kathmandu"))
        .isEqualTo(at("2025-12-31T23:15:00Z", "2026-01-01T00:15:00Z", "2026-01-01T01:15:00Z"));
  }

  @Test
  void days_overChangesOfTheClock_have25And23Hours() {
    assertThat(days("2026-10-31T12:00:00Z", "2026-11-03T00:00:00Z", "America/New_York"))
        .isEqualTo(at("2026-10-31T04:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"));
    assertThat(days("2026-03-08T05:00:00Z", "2026-03-09T04:00:01Z", "America/New_York"))
        .isEqualTo(at("2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"));
  }

  @Test
  void days_midnightThatTheClockLeavesOut_beginsAtOne() {
    assertThat(days("2026-03-28T22:00:00Z", "2026-03-29T22:00:00Z", "Asia/Beirut"))
        .isEqualTo(at("2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"));
  }

  @Test
  void days_dayThatTheZoneLeftOut_isNone() {
    assertThat(days("2011-12-29T10:00:00Z", "2012-01-01T00:00:00Z", "Pacific/Apia"))
        .isEqualTo(at("2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"));
  }

  @Test
  void months_rangeWithinOne_isThatMonth() {
    assertThat(
            Bucket.MONTH.beginnings(
                Instant.parse("2026-02-10T00:00:00Z"),
                Instant.parse("2026-03-01T00:00:00Z"),
                ZoneId.of("Europe/Berlin")))
        .isEqualTo(at("2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z"));
  }
}
