package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class QuickLaneLimitTest {
  @Test
  void check_twoSeconds_passes() {
    assertThatCode(() -> QuickLaneLimit.check(QuickLaneLimitTest.class, Duration.ofSeconds(2)))
        .doesNotThrowAnyException();
  }

  @Test
  void check_more_failsAndNamesTheClassAndTheWayOut() {
    assertThatThrownBy(
            () -> QuickLaneLimit.check(QuickLaneLimitTest.class, Duration.ofMillis(2_001)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("QuickLaneLimitTest took 2001 ms")
        .hasMessageContaining("give it a tag");
  }
}
