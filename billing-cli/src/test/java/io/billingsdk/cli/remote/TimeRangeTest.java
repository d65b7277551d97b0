package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeRangeTest {
  private static final Instant NOW = Instant.parse("2027-03-31T10:00:00Z");

  private static TimeRange of(@Nullable String from, @Nullable String to, @Nullable String last) {
    return TimeRange.of(from, to, last, ZoneOffset.UTC, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "90m, 2027-03-31T08:30:00Z",
    "24h, 2027-03-30T10:00:00Z",
    "7D, 2027-03-24T10:00:00Z",
    "4w, 2027-03-03T10:00:00Z"
  })
  void last_isSoLongUntilNow(String last, Instant from) {
    assertThat(of(null, null, last)).isEqualTo(new TimeRange(from, NOW));
  }

  @Test
  void nothingGiven_isTheLastWeek() {
    assertThat(of(null, null, null).from()).isEqualTo("2027-03-24T10:00:00Z");
    assertThat(of(null, "2027-01-08", null).from()).isEqualTo("2027-01-01T00:00:00Z");
  }

  @Test
  void date_isTheMidnightOfTheZone() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    TimeRange march = TimeRange.of("2027-03-01", "2027-04-01", null, berlin, NOW);
    assertThat(march.from()).isEqualTo("2027-02-28T23:00:00Z");
    // By summer time.
    assertThat(march.to()).isEqualTo("2027-03-31T22:00:00Z");
    assertThat(of("2027-03-01T00:00:00+01:00", null, null).from())
        .isEqualTo("2027-02-28T23:00:00Z");
  }

  @Test
  void wrongTimes_areRefusedByTheirOption() {
    refused("--from must be as 2027-01-31 or", "2027-02-30", null, null);
    refused("--to must be as 2027-01-31 or", null, "tomorrow", null);
    refused("--last must be a number of", null, null, "0d");
    refused("give either --last, or --from and --to", "2027-01-01", null, "7d");
    refused("--from must be before --to", "2027-01-02", "2027-01-02", null);
  }

  private static void refused(
      String message, @Nullable String from, @Nullable String to, @Nullable String last) {
    assertThatThrownBy(() -> of(from, to, last))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
