package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class QuickLaneLimitTest {
  @Test
  void check_twoSeconds_passes() {
    assertThatCode(
            () -> QuickLaneLimit.check(QuickLaneLimitTest.class, 2_000, Duration.ofSeconds(2), 0.1))
        .doesNotThrowAnyException();
  }

  @Test
  void check_more_failsAndNamesTheClassAndTheWayOut() {
    assertThatThrownBy(
            () ->
                QuickLaneLimit.check(QuickLaneLimitTest.class, 2_000, Duration.ofMillis(2_001), 1))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("QuickLaneLimitTest took 2001 ms")
        .hasMessageContaining("give it a tag");
  }

  @Test
  void check_busyMachine_allowsAsMuchMoreAsItIsBusy() {
    Duration took = Duration.ofSeconds(4);
    assertThatCode(() -> QuickLaneLimit.check(QuickLaneLimitTest.class, 2_000, took, 2))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> QuickLaneLimit.check(QuickLaneLimitTest.class, 2_000, took, 1.9))
        .isInstanceOf(AssertionError.class);
  }
}
