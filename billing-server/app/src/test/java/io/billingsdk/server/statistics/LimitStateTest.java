package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.statistics.UsageProfile.LimitSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitStateTest {
  private static final LimitSpec STORAGE =
      new LimitSpec("storage_mb", "input_bytes", new BigDecimal("1048576"), false, Map.of());

  @ParameterizedTest
  @CsvSource({
    "0, true, false, 0, 10",
    "8388607, true, false, 7.99, 2.01",
    "8388608, true, true, 8, 2",
    // A byte before the limit: one more is admitted, whatever its size.
    "10485759, true, true, 9.99, 0.01",
    "10485760, false, true, 10, 0",
    "99999999, false, true, 95.36, 0"
  })
  void state_ofALimitOfTen_isWithinWhileLessIsUsed(
      BigDecimal amount, boolean within, boolean near, BigDecimal used, BigDecimal remaining) {
    LimitState state = new LimitState(STORAGE, amount, BigDecimal.TEN, null);

    assertThat(state.isWithin()).isEqualTo(within);
    assertThat(state.isNear()).isEqualTo(near);
    assertThat(state.used()).isEqualByComparingTo(used);
    assertThat(state.remaining()).isEqualByComparingTo(remaining);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 'storage_mb: 1 of 10'",
    "9, 'storage_mb: 9 of 10; the limit is near'",
    "10, 'storage_mb: 10 of 10; the limit is reached until 2026-12-03T00:00:00Z'"
  })
  void message_saysHowMuchIsUsed_andWhenItBeginsAgain(long megabytes, String message) {
    BigDecimal amount = BigDecimal.valueOf(megabytes << 20);
    Instant resets = Instant.parse("2026-12-03T00:00:00Z");

    assertThat(new LimitState(STORAGE, amount, BigDecimal.TEN, resets).message())
        .isEqualTo(message);
  }
}
