package io.billingsdk.server.dunning;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The days of retries. */
class RetryRuleTest {
  private static final LocalDate DAY = LocalDate.of(2024, 2, 27);
  private static final RetryRule USUAL = new RetryRule(List.of(1, 3, 5, 7), false, 14);

  @Test
  void next_countsFromTheFirstDecline_overTheEndOfAMonth() {
    assertThat(USUAL.next(DAY, DAY, 0)).contains(LocalDate.of(2024, 2, 28));
    assertThat(USUAL.next(DAY, DAY.plusDays(1), 1)).contains(LocalDate.of(2024, 3, 1));
    assertThat(USUAL.next(DAY, DAY.plusDays(5), 3)).contains(DAY.plusDays(7));
    assertThat(USUAL.next(DAY, DAY.plusDays(7), 4)).isEmpty();
  }

  @Test
  void next_afterALateOne_isNeverOnTheSameDay_andNeverAfterTheWindow() {
    assertThat(USUAL.next(DAY, DAY.plusDays(9), 1)).contains(DAY.plusDays(10));
    assertThat(USUAL.next(DAY, DAY.plusDays(14), 2)).isEmpty();
  }

  @Test
  void next_withoutDays_isNever() {
    assertThat(new RetryRule(List.of(), false, 0).next(DAY, DAY, 0)).isEmpty();
  }

  @Test
  void cap_letsSoManyIn_thenWaitsUntilTheOldestIsOut() {
    List<LocalDate> daily = IntStream.range(0, 15).mapToObj(DAY::plusDays).toList();
    NetworkCap cap = NetworkCap.USUAL;
    assertThat(cap.free(daily.subList(0, 14), DAY.plusDays(14))).isEqualTo(DAY.plusDays(14));
    assertThat(cap.free(daily, DAY.plusDays(15))).isEqualTo(DAY.plusDays(30));
    assertThat(cap.free(daily, DAY.plusDays(30))).isEqualTo(DAY.plusDays(30));
  }
}
