package io.billingsdk.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTimingTest {
  @ParameterizedTest
  @CsvSource({"-1, 1", "0, 1", "1, 2", "2, 4", "5, 32", "6, 60", "64, 60", "2147483647, 60"})
  void retryAfter_failuresInARow_doublesUpToTheLongest(int failures, long seconds) {
    assertThat(JobTiming.USUAL.retryAfter(failures)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
