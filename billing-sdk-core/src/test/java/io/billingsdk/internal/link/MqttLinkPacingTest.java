package io.billingsdk.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often a broker is called that does not want to hear from us. */
final class MqttLinkPacingTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final double ALMOST_ONE = Math.nextDown(1.0);

  private static List<Long> pausesMillis(MqttLinkBench bench, Failure failure, int attempts) {
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < attempts; i++) {
      bench.fail(failure);
      pauses.add(bench.untilNextAttempt().toMillis());
    }
    return pauses;
  }

  @Test
  void pauses_attemptsFail_doubleUpToHalfAMinute() {
    MqttLinkBench bench = new MqttLinkBench();
    bench.start();
    assertThat(pausesMillis(bench, MqttLinkBench.REFUSED_TCP, 9))
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
  }

  @Test
  void pauses_attemptsRefused_areFromHalfAMinuteToFiveMinutes() {
    MqttLinkBench bench = new MqttLinkBench();
    bench.start();
    assertThat(pausesMillis(bench, MqttLinkBench.BAD_PASSWORD, 6))
        .containsExactly(30_000L, 60_000L, 120_000L, 240_000L, 300_000L, 300_000L);
  }

  @Test
  void pauses_withTheWorstLuck_areHalfLonger() {
    MqttLinkBench bench = new MqttLinkBench(ALMOST_ONE);
    bench.start();
    assertThat(pausesMillis(bench, MqttLinkBench.REFUSED_TCP, 8))
        .last()
        .satisfies(pause -> assertThat(pause).isBetween(44_999L, 45_000L));
    assertThat(pausesMillis(bench, MqttLinkBench.BAD_PASSWORD, 8))
        .last()
        .satisfies(pause -> assertThat(pause).isBetween(449_999L, 450_000L));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.999999})
  void anHour_wrongPassword_isAHandfulOfAttempts(double luck) {
    MqttLinkBench bench = new MqttLinkBench(luck);
    bench.connector.everyAttempt(attempt -> attempt.events().failed(MqttLinkBench.BAD_PASSWORD));
    bench.start();
    bench.scheduler.advance(HOUR);
    assertThat(bench.connector.attempts()).isBetween(9, 16);
  }

  @Test
  void anHour_brokerGone_isTwoAttemptsAMinute() {
    MqttLinkBench bench = new MqttLinkBench();
    bench.connector.everyAttempt(attempt -> attempt.events().failed(MqttLinkBench.REFUSED_TCP));
    bench.start();
    bench.scheduler.advance(HOUR);
    assertThat(bench.connector.attempts()).isBetween(80, 126);
  }

  @Test
  void anHour_brokerAcceptsAndDropsAtOnce_isNoHotLoop() {
    MqttLinkBench bench = new MqttLinkBench();
    bench.connector.everyAttempt(
        attempt -> {
          attempt.events().up(MqttLinkBench.LIMITS);
          attempt.events().failed(MqttLinkBench.REFUSED_TCP);
        });
    bench.start();
    bench.scheduler.advance(HOUR);
    assertThat(bench.connector.attempts()).isBetween(80, 126);
  }

  /** Two processes with one client id throw each other out; each waits longer each time. */
  @Test
  void anHour_sessionTakenOverAtOnce_isAHandfulOfAttempts() {
    MqttLinkBench bench = new MqttLinkBench();
    bench.connector.everyAttempt(
        attempt -> {
          attempt.events().up(MqttLinkBench.LIMITS);
          attempt.events().failed(MqttLinkBench.BAD_PASSWORD);
        });
    bench.start();
    bench.scheduler.advance(HOUR);
    assertThat(bench.connector.attempts()).isBetween(9, 16);
  }

  @Test
  void anHour_refusedNowAndThen_neverTwoAttemptsWithinHalfASecond() {
    MqttLinkBench bench = new MqttLinkBench();
    List<Long> at = new ArrayList<>();
    bench.connector.everyAttempt(
        attempt -> {
          at.add(bench.clock.elapsed().toMillis());
          attempt
              .events()
              .failed(at.size() % 3 == 0 ? MqttLinkBench.BAD_PASSWORD : MqttLinkBench.REFUSED_TCP);
        });
    bench.start();
    bench.scheduler.advance(HOUR);
    assertThat(at).hasSizeBetween(10, 120);
    assertThat(LongStream.range(1, at.size()).map(i -> at.get((int) i) - at.get((int) i - 1)))
        .allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(500));
  }

  @Test
  void failures_connectionHeldTenSeconds_areForgotten() {
    MqttLinkBench bench = new MqttLinkBench();
    bench.start();
    pausesMillis(bench, MqttLinkBench.REFUSED_TCP, 5);
    pausesMillis(bench, MqttLinkBench.BAD_PASSWORD, 3);
    bench.up();
    bench.scheduler.advance(Duration.ofSeconds(10));
    bench.fail(MqttLinkBench.REFUSED_TCP);
    assertThat(bench.untilNextAttempt()).isEqualTo(Duration.ofMillis(500));
    bench.fail(MqttLinkBench.BAD_PASSWORD);
    assertThat(bench.untilNextAttempt()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void failures_connectionHeldAlmostTenSeconds_areNotForgotten() {
    MqttLinkBench bench = new MqttLinkBench();
    bench.start();
    pausesMillis(bench, MqttLinkBench.REFUSED_TCP, 5);
    bench.up();
    bench.clock.jumpWall(Duration.ofDays(1));
    bench.scheduler.advance(Duration.ofSeconds(10).minusNanos(1));
    bench.fail(MqttLinkBench.REFUSED_TCP);
    assertThat(bench.untilNextAttempt()).isEqualTo(Duration.ofSeconds(16));
  }

  @Test
  void attempt_slowToFail_isNotTakenForAStableConnection() {
    MqttLinkBench bench = new MqttLinkBench();
    bench.start();
    for (long expected : new long[] {500, 1_000, 2_000}) {
      bench.scheduler.advance(HOUR);
      bench.fail(MqttLinkBench.REFUSED_TCP);
      assertThat(bench.untilNextAttempt().toMillis()).isEqualTo(expected);
    }
  }
}
