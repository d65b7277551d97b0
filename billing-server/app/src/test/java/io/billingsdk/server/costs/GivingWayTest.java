package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GivingWayTest {
  private static final Duration TOOK = Duration.ofMillis(160);

  private final GivingWay givingWay = new GivingWay();

  @Test
  void pump_thatKeepsUp_doesNotWait() {
    givingWay.noted(9_000);
    givingWay.begin();
    givingWay.noted(3_000);
    givingWay.noted(2_000);
    assertThat(givingWay.after(5_000, TOOK)).isZero();
  }

  @Test
  void pump_thatFallsBehind_waitsAsLongAsItWorked_andHalfASecondAtMost() {
    givingWay.begin();
    givingWay.noted(3_000);
    givingWay.noted(2_001);
    assertThat(givingWay.after(5_000, TOOK)).isEqualTo(TOOK);
    assertThat(givingWay.after(5_000, Duration.ofSeconds(30))).isEqualTo(Duration.ofMillis(500));
  }
}
