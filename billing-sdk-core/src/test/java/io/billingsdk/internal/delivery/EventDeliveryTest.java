package io.billingsdk.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.internal.delivery.FakeLink.SentMessage;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.PublishResult.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The window, the connection, flush and wake; refusals are in {@link DeliveryRefusalTest}. */
final class EventDeliveryTest {
  private EventDeliveryBench bench = new EventDeliveryBench();

  /** It was in nobody's hands from then on, and delivered by the next process. */
  @Test
  void publish_throwsAnError_isHeldAndSentAgainAfterAPause() {
    bench.upAndProven();
    bench.link.breakDown(new NoClassDefFoundError("com/example/Missing"));
    assertThatThrownBy(() -> bench.append(1)).hasRootCauseInstanceOf(NoClassDefFoundError.class);
    assertThat(bench.observed).containsExactly("holding LOCAL");
    bench.link.breakDown(null);
    bench.link.newlySent();
    bench.scheduler.advance(bench.scheduler.untilNext());
    assertThat(bench.link.newlySent()).containsExactly(2L);
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.pending()).isZero();
  }

  @Test
  void pump_notConnected_sendsNothing() {
    bench.append(10);
    assertThat(bench.link.newlySent()).isEmpty();
  }

  @Test
  void up_eventsWaiting_sendsOneAheadAndAfterItTheWindow() {
    bench.append(10);
    bench.up();
    assertThat(bench.link.newlySent()).containsExactly(1L);
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).containsExactly(2L, 3L, 4L, 5L);
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).containsExactly(6L);
    bench.link.answerAll(Outcome.DELIVERED);
    bench.link.answerAll(Outcome.DELIVERED);
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.delivered()).isEqualTo(10);
    assertThat(bench.pending()).isZero();
  }

  @Test
  void send_event_isTheStoredOneWithItsIdentity() throws IOException {
    bench.append(1);
    bench.up();
    SentMessage sent = bench.link.oldest();
    assertThat(sent.topic()).isEqualTo("billing/report");
    JsonNode json = new ObjectMapper().readTree(sent.payload());
    assertThat(json.path("stream").textValue()).isEqualTo(bench.journal.stream().toString());
    assertThat(json.path("seq").longValue()).isEqualTo(1);
    assertThat(json.path("api_key").textValue()).isEqualTo("key");
  }

  @Test
  void window_brokerAllowsFewerMessages_isLowered() {
    bench.append(10);
    bench.delivery.up(new LinkLimits(2, 1 << 28));
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void window_brokerAllowsOne_goesOneByOne() {
    bench.append(3);
    bench.delivery.up(new LinkLimits(1, 1 << 28));
    for (long seq = 1; seq <= 3; seq++) {
      assertThat(bench.link.newlySent()).containsExactly(seq);
      bench.link.answer(Outcome.DELIVERED);
    }
    assertThat(bench.pending()).isZero();
  }

  @Test
  void window_bytesUsedUp_waitsThoughMessagesAreLeft() {
    bench = new EventDeliveryBench(/* windowMessages= */ 100, /* windowBytes= */ 3_000);
    bench.append(/* metadataChars= */ 1_000, 10);
    bench.up();
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).as("the last may exceed").containsExactly(1L, 2L, 3L, 4L);
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).containsExactly(5L);
  }

  @Test
  void send_largerThanTheBrokersPackets_isSetAsideAndTheOthersGoOn() {
    bench.append(/* metadataChars= */ 0, 1);
    bench.append(/* metadataChars= */ 1_000, 1);
    bench.append(/* metadataChars= */ 0, 1);
    bench.delivery.up(new LinkLimits(10, 1_000));
    bench.link.answer(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).containsExactly(1L, 3L);
    assertThat(bench.observed).containsExactly("delivering", "dead letter 2");
    assertThat(bench.journal.figures().deadLettered()).isEqualTo(1);
  }

  @Test
  void down_unanswered_areSentAgainInOrderWithTheSameNumbers() {
    bench.append(6);
    bench.upAndProven();
    List<SentMessage> first = bench.link.takeNewlySent();
    bench.link.answer(Outcome.DELIVERED);
    bench.down();
    bench.link.forget();
    assertThat(bench.pending()).isEqualTo(4);
    bench.link.newlySent();
    bench.up();
    bench.link.answer(Outcome.DELIVERED);
    List<SentMessage> again = bench.link.takeNewlySent();
    assertThat(again).extracting(SentMessage::seq).containsExactly(3L, 4L, 5L, 6L);
    assertThat(again.get(0).payload()).isEqualTo(first.get(2).payload());
  }

  @Test
  void answer_ofAnEarlierConnection_isIgnored() {
    bench.append(3);
    bench.upAndProven();
    bench.down();
    List<SentMessage> late = bench.link.forget();
    late.get(0).answer(Outcome.DELIVERED);
    assertThat(bench.delivered()).isEqualTo(1);
    bench.link.newlySent();
    bench.up();
    assertThat(bench.link.newlySent()).containsExactly(2L);
    late.forEach(sent -> sent.answer(Outcome.UNACCEPTABLE));
    late.forEach(sent -> sent.answer(Outcome.NO_SUBSCRIBER));
    late.forEach(sent -> sent.answer(Outcome.DELIVERED));
    assertThat(bench.observed).isEmpty();
    assertThat(bench.delivered()).isEqualTo(1);
    assertThat(bench.journal.figures().deadLettered()).isZero();
    assertThat(bench.link.newlySent()).as("the window is not widened by them").isEmpty();
  }

  @Test
  void down_unknownAnswersFirst_theNextConnectionIsAFreshStart() {
    bench.append(4);
    bench.upAndProven();
    bench.link.answerAll(Outcome.UNKNOWN);
    bench.down();
    bench.link.newlySent();
    bench.up();
    assertThat(bench.link.newlySent()).containsExactly(2L);
    assertThat(bench.observed).as("the link tells of the loss").isEmpty();
  }

  /**
   * The pause that the unknown answers of a lost connection had begun was still running when the
   * next connection's first event was refused: nothing was rewound, the pause ended, and the events
   * behind overtook it. It stayed behind until the next loss.
   */
  @Test
  void down_unknownAnswersFirst_theirPauseDoesNotReachIntoTheNextConnection() {
    bench.append(4);
    bench.upAndProven();
    bench.link.answerAll(Outcome.UNKNOWN);
    bench.down();
    bench.scheduler.advance(Duration.ofMillis(400));
    bench.link.newlySent();
    bench.up();
    bench.link.answer(Outcome.NO_SUBSCRIBER);
    assertThat(bench.link.newlySent()).containsExactly(2L);
    bench.scheduler.advance(Duration.ofMinutes(1));
    assertThat(bench.link.newlySent()).as("the same event is the probe").containsExactly(2L);
  }

  @Test
  void down_repeatedly_losesNothing() {
    bench.append(4);
    for (int i = 0; i < 20; i++) {
      bench.up();
      bench.down();
      bench.link.forget();
      bench.down();
    }
    bench.upAndProven();
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.pending()).isZero();
  }

  @Test
  void timeout_notAnswered_reconnectsOnceAndSendsAgain() {
    bench.append(3);
    bench.upAndProven();
    bench.scheduler.advance(EventDeliveryBench.PUBLISH_TIMEOUT.minusNanos(1));
    assertThat(bench.link.reconnects()).isEmpty();
    bench.scheduler.advance(Duration.ofHours(1));
    assertThat(bench.link.reconnects()).hasSize(1);
    assertThat(bench.link.reconnects().get(0)).contains("PT30S");
    bench.link.forget();
    bench.link.newlySent();
    bench.up();
    assertThat(bench.link.newlySent()).containsExactly(2L);
  }

  @Test
  void timeout_countsFromEachMessage_andAnsweredOnesDoNotCount() {
    bench.upAndProven();
    for (int i = 0; i < 10; i++) {
      bench.append(1);
      bench.scheduler.advance(Duration.ofSeconds(20));
      bench.link.answer(Outcome.DELIVERED);
    }
    assertThat(bench.link.reconnects()).isEmpty();
    bench.append(1);
    bench.scheduler.advance(Duration.ofSeconds(29));
    assertThat(bench.link.reconnects()).isEmpty();
    bench.scheduler.advance(Duration.ofSeconds(1));
    assertThat(bench.link.reconnects()).hasSize(1);
  }

  @Test
  void timeout_oldestAnsweredMeanwhile_countsFromTheNextOldest() {
    bench.upAndProven();
    bench.append(1);
    bench.scheduler.advance(Duration.ofSeconds(20));
    bench.append(1);
    bench.link.answer(Outcome.DELIVERED);
    bench.scheduler.advance(Duration.ofMillis(29_999));
    assertThat(bench.link.reconnects()).isEmpty();
    bench.scheduler.advance(Duration.ofMillis(1));
    assertThat(bench.link.reconnects()).hasSize(1);
  }

  @Test
  void timeout_wallClockJumps_doesNotMatter() {
    bench.append(1);
    bench.up();
    bench.clock.jumpWall(Duration.ofDays(1));
    bench.scheduler.advance(Duration.ofSeconds(29));
    bench.clock.jumpWall(Duration.ofDays(-2));
    assertThat(bench.link.reconnects()).isEmpty();
    bench.scheduler.advance(Duration.ofSeconds(1));
    assertThat(bench.link.reconnects()).hasSize(1);
  }

  @Test
  void timeout_connectionLostBefore_isForgotten() {
    bench.append(1);
    bench.up();
    bench.down();
    bench.scheduler.advance(Duration.ofHours(1));
    assertThat(bench.link.reconnects()).isEmpty();
    assertThat(bench.scheduler.waiting()).isZero();
  }

  @Test
  void flush_nothingPending_isDoneAtOnce() {
    assertThat(bench.delivery.flush()).isCompleted();
  }

  @Test
  void flush_pending_isDoneExactlyWhenTheLastIsSettled() {
    bench.append(3);
    CompletableFuture<Void> flush = bench.delivery.flush();
    bench.append(2);
    bench.upAndProven();
    bench.link.answer(Outcome.DELIVERED);
    assertThat(flush).isNotDone();
    bench.link.answer(Outcome.UNACCEPTABLE);
    assertThat(flush).as("3 is settled, 4 and 5 came after the call").isCompleted();
    assertThat(bench.delivery.flush()).isNotDone();
  }

  @Test
  void flush_answersOutOfOrder_waitsForTheOldest() {
    bench.append(3);
    bench.upAndProven();
    CompletableFuture<Void> flush = bench.delivery.flush();
    SentMessage second = bench.link.oldest();
    bench.link.answer(Outcome.DELIVERED);
    assertThat(flush).isNotDone();
    second.answer(Outcome.DELIVERED);
    assertThat(flush).isCompleted();
  }

  @Test
  void flush_acrossALossOfTheConnection_isDoneOnceSentAgain() {
    bench.append(1);
    CompletableFuture<Void> flush = bench.delivery.flush();
    bench.up();
    bench.down();
    bench.link.forget();
    assertThat(flush).isNotDone();
    bench.up();
    bench.link.answer(Outcome.DELIVERED);
    assertThat(flush).isCompleted();
  }

  @Test
  void wake_manyTimes_isOneTask() {
    for (int i = 0; i < 1_000; i++) {
      bench.delivery.wake();
    }
    assertThat(bench.scheduler.waiting()).isEqualTo(1);
    bench.scheduler.run();
    bench.delivery.wake();
    assertThat(bench.scheduler.waiting()).as("and again after it ran").isEqualTo(1);
  }
}
