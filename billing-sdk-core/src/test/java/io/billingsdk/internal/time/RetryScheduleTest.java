package io.billingsdk.internal.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryScheduleTest {
  private static final double ALMOST_ONE = Math.nextDown(1.0);

  private static RetrySchedule schedule(Duration first, Duration last, double random) {
    return new RetrySchedule(first, last, () -> random);
  }

  @Test
  void delay_noJitter_doublesUpToTheLast() {
    RetrySchedule retry = schedule(Duration.ofMillis(500), Duration.ofSeconds(30), 0);
    assertThat(List.of(0, 1, 2, 3, 4, 5, 6, 7))
        .extracting(retry::delay)
        .extracting(Duration::toMillis)
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1",
    "1,1000000",
    "500000000,30000000000",
    "30000000000,300000000000",
    "7,31536000000000000"
  })
  void delay_anyNumberOfFailures_staysWithinBaseAndHalfOfItMore(long firstNanos, long lastNanos) {
    for (int failures = 0; failures <= 200; failures++) {
      BigInteger doubled = BigInteger.valueOf(firstNanos).shiftLeft(failures);
      long base = doubled.min(BigInteger.valueOf(lastNanos)).longValueExact();
      assertBetween(firstNanos, lastNanos, failures, base);
    }
    for (int failures : new int[] {1_000, 1 << 30, Integer.MAX_VALUE}) {
      assertBetween(firstNanos, lastNanos, failures, lastNanos);
    }
  }

  private static void assertBetween(long firstNanos, long lastNanos, int failures, long base) {
    Duration first = Duration.ofNanos(firstNanos);
    Duration last = Duration.ofNanos(lastNanos);
    assertThat(schedule(first, last, 0).delay(failures).toNanos())
        .as("least delay after %d failures", failures)
        .isEqualTo(base);
    assertThat(schedule(first, last, ALMOST_ONE).delay(failures).toNanos())
        .as("largest delay after %d failures", failures)
        .isBetween(base, base + base / 2 + 1);
  }

  @ParameterizedTest
  @CsvSource({"-1", "-2147483648"})
  void delay_counterWrappedAround_isTheFirstAndNotNegative(int failures) {
    RetrySchedule retry = schedule(Duration.ofMillis(500), Duration.ofSeconds(30), 0);
    assertThat(retry.delay(failures)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void constructor_emptyOrInvertedRange_isRefused() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> schedule(Duration.ZERO, second, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> schedule(second.negated(), second, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> schedule(second, Duration.ofMillis(999), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT1S to PT0.999S");
  }

  /** Half of it more would be beyond what a long holds in nanoseconds: a negative delay. */
  @Test
  void constructor_delayThatJitterWouldOverflow_isRefused() {
    assertThatThrownBy(
            () -> schedule(Duration.ofNanos(1), Duration.ofNanos(Long.MAX_VALUE), ALMOST_ONE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
