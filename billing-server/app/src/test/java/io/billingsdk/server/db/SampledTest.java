package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SampledTest {
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void value_askedAgainSoon_isTheSame() {
    try (Sampled<Integer> sampled =
        new Sampled<>("test-sampled", Duration.ofHours(1), looks::incrementAndGet)) {
      assertThat(sampled.value()).isEqualTo(1);
      assertThat(sampled.value()).isEqualTo(1);
    }
  }

  @Test
  void value_askedAgainLater_isLookedUpAgain() {
    try (Sampled<Integer> sampled =
        new Sampled<>("test-sampled", Duration.ZERO, looks::incrementAndGet)) {
      assertThat(sampled.value()).isEqualTo(1);
      assertThat(sampled.value()).isEqualTo(2);
    }
  }

  @Test
  void value_lookThatFails_isUnknown() {
    try (Sampled<Integer> sampled =
        new Sampled<>(
            "test-sampled",
            Duration.ZERO,
            () -> {
              throw new IOException("planted");
            })) {
      assertThat(sampled.value()).isNull();
    }
  }

  /** Else each figure of a page would wait for a database that is away. */
  @Test
  void value_lookThatHangs_isUnknown_andIsWaitedForOnce() {
    CountDownLatch never = new CountDownLatch(1);
    try (Sampled<Integer> sampled =
        new Sampled<>(
            "test-sampled",
            Duration.ofHours(1),
            () -> {
              never.await();
              return looks.incrementAndGet();
            })) {
      assertThat(sampled.value()).isNull();
      long begun = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        assertThat(sampled.value()).isNull();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isLessThan(Duration.ofMillis(10 * Sampled.PATIENCE_MILLIS));
    }
  }
}
