package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.costs.AlertWindow.Slice;
import io.billingsdk.costs.LocalDays.Period;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AlertWindowTest {
  private static final ZoneId KATHMANDU = ZoneId.of("Asia/Kathmandu");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static void range(Slice slice, String name, String from, String to) {
    assertThat(slice.name()).isEqualTo(name);
    assertThat(slice.range().from()).isEqualTo(from);
    assertThat(slice.range().to()).isEqualTo(to);
  }

  @Test
  void day_ofAZone_isHalfOpen_atItsOwnMidnight() {
    AlertWindow window = AlertWindow.of(Period.DAILY, KATHMANDU);
    Instant midnight = Instant.parse("2026-12-01T18:15:00Z");
    range(window.current(midnight), "2026-12-02", "2026-12-01T18:15:00Z", "2026-12-02T18:15:00Z");
    Slice before = window.current(midnight.minusNanos(1));
    range(before, "2026-12-01", "2026-11-30T18:15:00Z", "2026-12-01T18:15:00Z");
    assertThat(before.isOver(midnight)).isTrue();
    assertThat(before.isOver(midnight.minusNanos(1))).isFalse();
  }

  @Test
  void day_ofAClockChange_has25Hours() {
    Slice day = AlertWindow.of(Period.DAILY, BERLIN).current(Instant.parse("2026-10-25T12:00:00Z"));
    range(day, "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
  }

  @Test
  void weekAndMonth_beginWithMondayAndTheFirst() {
    Instant at = Instant.parse("2026-12-02T12:00:00Z");
    range(
        AlertWindow.of(Period.WEEKLY, BERLIN).current(at),
        "2026-11-30",
        "2026-11-29T23:00:00Z",
        "2026-12-06T23:00:00Z");
    range(
        AlertWindow.of(Period.MONTHLY, BERLIN).current(at),
        "2026-12-01",
        "2026-11-30T23:00:00Z",
        "2026-12-31T23:00:00Z");
  }

  @Test
  void lateCost_belongsToTheSliceOfItsTime_andNotToThatOfNow() {
    Instant now = Instant.parse("2026-12-02T00:00:01Z");
    Instant late = Instant.parse("2026-12-01T23:59:59Z");
    Optional<Slice> slice = AlertWindow.of(Period.DAILY, ZoneId.of("UTC")).sliceOf(late, now);
    assertThat(slice).map(Slice::name).contains("2026-12-01");
    assertThat(slice.orElseThrow().isOver(now)).isTrue();
  }

  @Test
  void rollingWindow_endsWithTheQuarterThatRuns_andForgetsWhatIsOlder() {
    AlertWindow window = AlertWindow.rolling(7);
    Instant now = Instant.parse("2026-12-08T10:07:00Z");
    Slice slice = window.current(now);
    range(slice, "rolling", "2026-12-01T10:15:00Z", "2026-12-08T10:15:00Z");
    assertThat(slice.isOver(now.plusSeconds(1_000_000))).isFalse();
    assertThat(window.sliceOf(Instant.parse("2026-12-01T10:15:00Z"), now)).contains(slice);
    assertThat(window.sliceOf(Instant.parse("2026-12-01T10:14:59Z"), now)).isEmpty();
  }

  @Test
  void days_outOfBounds_areRefused() {
    assertThatThrownBy(() -> AlertWindow.rolling(0)).hasMessageContaining("days");
    assertThatThrownBy(() -> AlertWindow.rolling(367)).hasMessageContaining("days");
    assertThatThrownBy(() -> new AlertWindow(BERLIN, Optional.of(Period.DAILY), 7))
        .hasMessageContaining("days");
  }
}
