package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong();
  private final RateLimiter limiter = new RateLimiter(5, SECOND, nanos::get);

  private int taken(String name, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += limiter.take(name).isZero() ? 1 : 0;
    }
    return taken;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 1_000, Long.MIN_VALUE, -1})
  void take_moreThanThereAre_isRefusedUntilOneIsBack(long now) {
    nanos.set(now);
    assertThat(taken("a", 100)).isEqualTo(5);
    assertThat(limiter.take("a")).isEqualTo(Duration.ofMillis(200));
    nanos.addAndGet(Duration.ofMillis(200).toNanos() - 1);
    assertThat(limiter.take("a")).isEqualTo(Duration.ofNanos(1));
    nanos.incrementAndGet();
    assertThat(taken("a", 100)).isEqualTo(1);
  }

  @Test
  void take_forAnHour_givesTheRate() {
    int taken = taken("a", 100);
    for (int i = 0; i < 3_600 * 10; i++) {
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      taken += taken("a", 3);
    }
    assertThat(taken).isEqualTo(5 + 3_600 * 5);
  }

  @Test
  void bucket_unusedForLong_holdsNoMoreThanItsMost() {
    assertThat(taken("a", 5)).isEqualTo(5);
    nanos.addAndGet(Duration.ofDays(1).toNanos());
    assertThat(taken("a", 100)).isEqualTo(5);
  }

  @Test
  void names_haveBucketsOfTheirOwn() {
    assertThat(taken("a", 100)).isEqualTo(5);
    assertThat(limiter.wait("b")).isZero();
    assertThat(taken("b", 100)).isEqualTo(5);
    assertThat(limiter.wait("b")).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void names_withoutEnd_areBounded_andThoseInUseStay() {
    assertThat(taken("busy", 5)).isEqualTo(5);
    for (int i = 0; i < 3 * RateLimiter.NAMES; i++) {
      assertThat(limiter.take("other-" + i)).isZero();
      assertThat(limiter.take("busy")).isPositive();
    }
    assertThat(limiter.knows("busy")).isTrue();
    assertThat(limiter.knows("other-0")).isFalse();
    assertThat(limiter.names()).isEqualTo(RateLimiter.NAMES);
  }
}
