package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long forecasts of many series take on two threads. */
@Tag("simulation")
final class ForecastSpeedTest {
  private static final int RELEASE = 10_000;

  @Test
  void forecasts_ofManySeries_takeAMinuteAtMost() throws Exception {
    int series = Sizes.of(500, RELEASE);
    long begin = System.nanoTime();
    Thread[] threads = new Thread[2];
    long[] made = new long[threads.length];
    for (int i = 0; i < threads.length; i++) {
      int own = i;
      threads[i] = new Thread(() -> made[own] = forecasts(own, series, threads.length));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    Proof.sized("forecast-speed", series, RELEASE)
        .with("series", series)
        .with("days_each", 170)
        .with("threads", threads.length)
        .with("ms", millis)
        .print();
    assertThat(made[0] + made[1]).isEqualTo(series);
    assertThat(millis).isLessThan(60_000);
  }

  private static long forecasts(int first, int series, int step) {
    return LongStream.range(0, series)
        .filter(seed -> seed % step == first)
        .mapToObj(seed -> Generated.withEvents(seed).series())
        .map(whole -> UsageSeries.days(Generated.FIRST, whole.closed().subList(0, 170)))
        .filter(known -> Forecaster.monthEnd(known) instanceof MonthForecast)
        .count();
  }
}
