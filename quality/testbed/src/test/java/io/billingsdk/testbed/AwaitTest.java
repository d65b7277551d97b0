package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
  @Test
  void until_aConditionThatHolds_looksOnce() {
    AtomicInteger looks = new AtomicInteger();
    Await.until(() -> looks.incrementAndGet() > 0);
    assertThat(looks).hasValue(1);
  }

  @Test
  void until_aConditionThatComesToHold_looksUntilThen() {
    AtomicInteger looks = new AtomicInteger();
    Await.until(() -> looks.incrementAndGet() == 5);
    assertThat(looks).hasValue(5);
  }

  @Test
  void until_aConditionThatNeverHolds_failsAfterThePatience() {
    long begun = System.nanoTime();
    assertThatThrownBy(() -> Await.until(Duration.ofMillis(20), () -> false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("PT0.02S");
    assertThat(System.nanoTime() - begun).isGreaterThan(20_000_000);
  }

  @Test
  void holds_aConditionThatNeverHolds_isFalseAfterThePatience() {
    long begun = System.nanoTime();
    assertThat(Await.holds(Duration.ofMillis(20), () -> false)).isFalse();
    assertThat(System.nanoTime() - begun).isGreaterThan(20_000_000);
    assertThat(Await.holds(Duration.ZERO, () -> true)).isTrue();
  }

  @Test
  void present_aSourceThatComesToHaveOne_returnsIt() {
    AtomicInteger looks = new AtomicInteger();
    assertThat(Await.<String>present(() -> looks.incrementAndGet() < 4 ? null : "four"))
        .isEqualTo("four");
    assertThat(looks).hasValue(4);
  }

  @Test
  void until_interrupted_goesOn_andKeepsTheInterrupt() {
    AtomicInteger looks = new AtomicInteger();
    Thread.currentThread().interrupt();
    Await.until(() -> looks.incrementAndGet() == 3);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(looks).hasValue(3);
  }

  @Test
  void pause_interrupted_lastsItsTime_andKeepsTheInterrupt() {
    long begun = System.nanoTime();
    Thread.currentThread().interrupt();
    Pace.pause(Duration.ofMillis(5));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(5_000_000);
  }

  @Test
  void untilAMoment_thatIsOver_returnsAtOnce() {
    long begun = System.nanoTime();
    Pace.until(begun - Duration.ofHours(1).toNanos());
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void spin_lastsItsTime() {
    long begun = System.nanoTime();
    Pace.spin(50_000);
    assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(50_000);
  }
}
