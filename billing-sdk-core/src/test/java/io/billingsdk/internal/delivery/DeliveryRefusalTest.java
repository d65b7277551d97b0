package io.billingsdk.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.link.PublishResult.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the broker does not take is kept: held, rewound, and tried again by one probe. */
final class DeliveryRefusalTest {
  private final EventDeliveryBench bench = new EventDeliveryBench();

  private Duration untilNextProbe() {
    Duration before = bench.clock.elapsed();
    while (bench.link.unanswered() == 0) {
      bench.scheduler.advance(bench.scheduler.untilNext());
    }
    return bench.clock.elapsed().minus(before);
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {"DELIVERED", "UNACCEPTABLE"},
      mode = EnumSource.Mode.EXCLUDE)
  void answer_otherThanDelivered_doesNotAcknowledge(Outcome outcome) {
    bench.append(1);
    bench.up();
    bench.link.answer(outcome);
    assertThat(bench.delivered()).isZero();
    assertThat(bench.pending()).isEqualTo(1);
    assertThat(bench.journal.figures().deadLettered()).isZero();
    assertThat(bench.delivery.flush()).isNotDone();
  }

  @ParameterizedTest
  @CsvSource({
    "NO_SUBSCRIBER, NO_RECEIVER, 500",
    "TRY_LATER, BROKER, 500",
    "FORBIDDEN, FORBIDDEN, 30000",
  })
  void answer_refused_holdsUntilAllAnsweredThenPausesThenProbesThenOpensTheWindow(
      Outcome outcome, String kind, long pauseMillis) {
    bench.append(9);
    bench.upAndProven();
    assertThat(bench.link.newlySent()).containsExactly(1L, 2L, 3L, 4L, 5L);
    bench.link.answer(outcome);
    bench.link.answer(Outcome.DELIVERED);
    bench.append(1);
    bench.scheduler.advance(Duration.ofSeconds(20));
    assertThat(bench.link.newlySent()).as("while some are unanswered").isEmpty();
    assertThat(bench.observed).containsExactly("holding " + kind);
    bench.link.answer(outcome);
    bench.link.answer(outcome);

    assertThat(untilNextProbe()).isEqualTo(Duration.ofMillis(pauseMillis));
    assertThat(bench.link.newlySent()).as("one probe, the oldest").containsExactly(2L);
    bench.append(1);
    assertThat(bench.link.newlySent()).isEmpty();
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.observed).containsExactly("holding " + kind, "delivering");
    assertThat(bench.link.newlySent()).as("3 was delivered").containsExactly(4L, 5L, 6L, 7L);
  }

  @ParameterizedTest
  @CsvSource({"NO_SUBSCRIBER, 500, 30000", "TRY_LATER, 500, 30000", "FORBIDDEN, 30000, 300000"})
  void probe_refusedAgainAndAgain_pausesGrowToTheLast(
      Outcome outcome, long firstMillis, long lastMillis) {
    bench.append(5);
    bench.upAndProven();
    bench.link.answerAll(outcome);
    long expected = firstMillis;
    for (int i = 0; i < 12; i++) {
      bench.link.newlySent();
      assertThat(untilNextProbe()).isEqualTo(Duration.ofMillis(expected));
      assertThat(bench.link.newlySent()).containsExactly(2L);
      bench.link.answer(outcome);
      expected = Math.min(expected * 2, lastMillis);
    }
    assertThat(bench.pending()).isEqualTo(4);
  }

  @Test
  void probe_delivered_pausesStartOver() {
    bench.append(30);
    bench.upAndProven();
    for (int i = 0; i < 3; i++) {
      bench.link.answerAll(Outcome.TRY_LATER);
      assertThat(untilNextProbe()).isEqualTo(Duration.ofMillis(500));
      bench.link.answer(Outcome.DELIVERED);
    }
  }

  @Test
  void wake_whileHolding_sendsNothing() {
    bench.append(1);
    bench.up();
    bench.link.answer(Outcome.NO_SUBSCRIBER);
    bench.link.newlySent();
    bench.append(10);
    assertThat(bench.link.newlySent()).isEmpty();
  }

  @Test
  void answer_unacceptable_setsThatOneAsideAndTheOthersGoOn() {
    bench.append(8);
    bench.upAndProven();
    bench.link.newlySent();
    bench.link.answer(Outcome.DELIVERED);
    bench.link.answer(Outcome.UNACCEPTABLE);
    assertThat(bench.link.newlySent()).containsExactly(6L, 7L);
    assertThat(bench.observed).containsExactly("dead letter 3");
    bench.link.answerAll(Outcome.DELIVERED);
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.delivered()).isEqualTo(7);
    assertThat(bench.journal.figures().deadLettered()).isEqualTo(1);
    assertThat(bench.pending()).isZero();
  }

  @Test
  void probe_unacceptable_nextOneIsTheProbe() {
    bench.append(5);
    bench.upAndProven();
    bench.link.answerAll(Outcome.NO_SUBSCRIBER);
    bench.link.newlySent();
    untilNextProbe();
    bench.link.answer(Outcome.UNACCEPTABLE);
    assertThat(bench.link.newlySent()).containsExactly(2L, 3L);
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).containsExactly(4L, 5L);
  }

  @Test
  void down_whileHolding_theNextConnectionWaitsForThePause() {
    bench.append(5);
    bench.upAndProven();
    bench.link.answerAll(Outcome.FORBIDDEN);
    bench.scheduler.advance(Duration.ofSeconds(10));
    bench.down();
    bench.link.newlySent();
    bench.up();
    assertThat(bench.link.newlySent()).as("a reconnect is no reason to ask sooner").isEmpty();
    bench.scheduler.advance(Duration.ofMillis(19_999));
    assertThat(bench.link.newlySent()).isEmpty();
    bench.scheduler.advance(Duration.ofMillis(1));
    assertThat(bench.link.newlySent()).containsExactly(2L);
  }

  @Test
  void down_pauseEndsWhileDown_probesWhenUp() {
    bench.append(5);
    bench.upAndProven();
    bench.link.answerAll(Outcome.NO_SUBSCRIBER);
    bench.down();
    bench.scheduler.advance(Duration.ofMinutes(10));
    bench.link.newlySent();
    bench.up();
    assertThat(bench.link.newlySent()).containsExactly(2L);
  }

  @Test
  void down_someRefusedAndSomeUnanswered_pausesAndSendsAllInOrder() {
    bench.append(5);
    bench.upAndProven();
    bench.link.answer(Outcome.NO_SUBSCRIBER);
    bench.down();
    bench.link.forget();
    bench.link.newlySent();
    bench.up();
    assertThat(bench.link.newlySent()).isEmpty();
    untilNextProbe();
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).containsExactly(2L, 3L, 4L, 5L);
  }

  @Test
  void timeout_whileHoldingForTheRest_reconnects() {
    bench.append(5);
    bench.upAndProven();
    bench.link.answer(Outcome.NO_SUBSCRIBER);
    bench.scheduler.advance(EventDeliveryBench.PUBLISH_TIMEOUT);
    assertThat(bench.link.reconnects()).hasSize(1);
  }

  @Test
  void answer_unknownButStillConnected_isSentAgainAfterAPause() {
    bench.append(5);
    bench.upAndProven();
    bench.link.answerAll(Outcome.UNKNOWN);
    bench.link.newlySent();
    assertThat(untilNextProbe()).isEqualTo(Duration.ofMillis(500));
    assertThat(bench.link.newlySent()).isEqualTo(List.of(2L));
    assertThat(bench.observed).isEmpty();
  }
}
