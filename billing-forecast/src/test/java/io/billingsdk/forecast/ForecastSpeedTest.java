package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long a process takes that forecasts many series, its start included: with the options of a
 * server, since those of tests leave out the better compiler.
 */
@Tag("simulation")
final class ForecastSpeedTest {
  private static final int RELEASE = 10_000;

  @Test
  void forecasts_ofManySeries_takeAMinuteAtMost() throws IOException, InterruptedException {
    int series = Sizes.of(500, RELEASE);
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ManySeries.class.getName(),
                Integer.toString(series))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s", said).isZero();
    long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    Proof.sized("forecast-speed", series, RELEASE)
        .with("series", series)
        .with("days_each", ManySeries.DAYS)
        .with("threads", ManySeries.THREADS)
        .with("ms", millis)
        .print();
    assertThat(said.strip()).isEqualTo(Integer.toString(series));
    assertThat(millis).isLessThan(60_000);
  }
}
