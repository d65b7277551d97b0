package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "10s, PT10S",
    "5m, PT5M",
    "1h, PT1H",
    "7d, PT168H",
    "0s, PT0S",
    "90s, PT1M30S",
    "999999999d, PT23999999976H",
  })
  void parse_short_isThatDuration(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "s",
        "-1s",
        "+1s",
        "1.5s",
        "1 s",
        " 1s",
        "1S",
        "1min",
        "1000000000s",
        "١s",
        "PT1S",
        "1s1s",
        "0x1s",
      })
  void parse_anythingElse_isRefused(String text) {
    assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"PT0.5S, 500ms", "PT10S, 10s", "PT5M, 5m", "PT1H, 1h", "PT0S, 0s", "PT1M30S, 90s"})
  void format_duration_isShort(Duration duration, String text) {
    assertThat(DurationText.format(duration)).isEqualTo(text);
  }

  @Test
  void format_anyMillis_isReadBackEqual() {
    for (long seed = 1; seed <= 10_000; seed++) {
      Random random = new Random(seed);
      long unit = new long[] {1, 1_000, 60_000, 3_600_000}[random.nextInt(4)];
      Duration duration = Duration.ofMillis(unit * random.nextInt(1_000_000_000));
      assertThat(DurationText.parse(DurationText.format(duration)))
          .as("seed %d", seed)
          .isEqualTo(duration);
    }
  }
}
