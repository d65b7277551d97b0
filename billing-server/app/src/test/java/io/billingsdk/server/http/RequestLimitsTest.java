package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.http.HttpSettings.RequestLimits;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
  @Test
  void limits_byTwoOfThem_haveTheOthersOfTheDefault() {
    assertThat(new RequestLimits(500, 30)).isEqualTo(RequestLimits.DEFAULT);
    assertThat(new RequestLimits(7, 8).openRequestsPerSecond())
        .isEqualTo(RequestLimits.DEFAULT.openRequestsPerSecond());
  }

  @Test
  void limits_atTheirBounds_areTaken() {
    int most = RequestLimits.MOST;
    assertThat(new RequestLimits(1, 1, 1, 1, 1, 1).streamsPerToken()).isEqualTo(1);
    assertThat(new RequestLimits(most, most, most, most, most, most).bodyBytesPerSecond())
        .isEqualTo(1_000_000);
  }

  @Test
  void limit_beyondItsBound_isNamedWithIt() {
    assertThatThrownBy(() -> new RequestLimits(1, 1, 1, 1, 1, 0))
        .hasMessage("http-connections-per-address must be a whole number from 1 to 1000000");
    assertThatThrownBy(() -> new RequestLimits(1, 1, 1, 1_000_001, 1, 1))
        .hasMessageContaining("http-streams-per-token");
  }

  @Test
  void timing_beats_beforeALineIsIdle_andAProxyGivesUp() {
    StreamTiming timing = StreamTiming.of(Duration.ofHours(1));
    assertThat(timing.beat()).isLessThan(timing.idle()).isLessThan(Duration.ofMinutes(1));
    assertThat(timing.grace()).isLessThan(timing.idle());
    assertThat(timing.silence()).isEqualTo(Duration.ofHours(1));
  }
}
