package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {
  private final ManualClock clock = new ManualClock();
  private final ManualScheduler scheduler = new ManualScheduler(clock);
  private final List<Long> sentAtSeconds = new ArrayList<>();
  private final Heartbeat heartbeat =
      new Heartbeat(
          scheduler, Duration.ofSeconds(10), () -> sentAtSeconds.add(clock.elapsed().toSeconds()));

  @Test
  void up_connected_sendsAtOnceAndThenAtTheInterval() {
    heartbeat.up();
    scheduler.advance(Duration.ofSeconds(35));
    assertThat(sentAtSeconds).containsExactly(0L, 10L, 20L, 30L);
  }

  @Test
  void down_lost_sendsNothingUntilUp() {
    heartbeat.up();
    heartbeat.down();
    heartbeat.down();
    scheduler.advance(Duration.ofHours(1));
    assertThat(sentAtSeconds).containsExactly(0L);
    heartbeat.up();
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(sentAtSeconds).containsExactly(0L, 3_600L, 3_610L);
  }
}
