package io.billingsdk.internal.delivery;

import static io.billingsdk.internal.delivery.BatchBench.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.Protocol;
import io.billingsdk.internal.delivery.BatchLink.SentBatch;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.PublishResult.Outcome;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class BatchDeliveryTest {
  private final BatchBench bench = new BatchBench();

  /** The batch was neither due nor on its way from then on, and delivered by the next process. */
  @Test
  void publish_throwsAnError_isHeldAndSentAgainAfterAPause() {
    bench.upAndProven();
    bench.link.breakDown(new NoClassDefFoundError("com/example/Missing"));
    bench.append(3);
    assertThatThrownBy(bench::linger).hasRootCauseInstanceOf(NoClassDefFoundError.class);
    assertThat(bench.observed).containsExactly("holding LOCAL");
    bench.link.breakDown(null);
    bench.scheduler.advance(Duration.ofSeconds(1));
    assertThat(bench.link.newSeqs()).containsExactly(seqs(2, 4));
    bench.link.answerAll(Outcome.DELIVERED);
    bench.committed(2, 4);
    assertThat(bench.pending()).isZero();
  }

  @Test
  void noReceipt_inTime_isSentAgainUnderTheSameIdentityAndEverLater() {
    bench.upAndProven();
    bench.append(2);
    bench.linger();
    String first = bench.link.newlySent().get(0).json();
    bench.link.answerAll(Outcome.DELIVERED);
    bench.scheduler.advance(Duration.ofMillis(9_999));
    assertThat(bench.link.newlySent()).isEmpty();
    for (int seconds : new int[] {10, 20, 40, 80, 160, 300, 300}) {
      bench.scheduler.advance(Duration.ofSeconds(seconds));
      List<SentBatch> again = bench.link.newlySent();
      assertThat(again).as("after %d s", seconds).hasSize(1);
      assertThat(again.get(0).stream()).isEqualTo(bench.journal.stream());
      assertThat(again.get(0).json().replaceFirst("\"sent_at\":\\d+", ""))
          .isEqualTo(first.replaceFirst("\"sent_at\":\\d+", ""));
      bench.link.answerAll(Outcome.DELIVERED);
    }
    assertThat(bench.observed).containsExactly("holding NO_RECEIVER");
    bench.committed(2, 3);
    assertThat(bench.observed).containsExactly("holding NO_RECEIVER", "delivering");
  }

  @Test
  void down_batchesInFlight_goAgainAndTheirLateAnswersCountForNothing() {
    bench.upAndProven();
    bench.append(1);
    bench.linger();
    SentBatch lost = bench.link.forget().get(0);
    bench.delivery.down();
    bench.link.newlySent();
    bench.delivery.up(BatchBench.WIDE);
    assertThat(bench.link.newSeqs()).containsExactly(seqs(2, 2));
    lost.answer(Outcome.UNACCEPTABLE);
    lost.answer(Outcome.DELIVERED);
    assertThat(bench.journal.deadLettered).isEmpty();
    assertThat(bench.link.unanswered()).isEqualTo(1);
  }

  @Test
  void batch_notFull_waitsAMomentForMore() {
    bench.upAndProven();
    bench.append(1);
    bench.scheduler.advance(Duration.ofMillis(4));
    bench.append(1);
    assertThat(bench.link.newlySent()).isEmpty();
    bench.scheduler.advance(Duration.ofMillis(1));
    assertThat(bench.link.newSeqs()).containsExactly(seqs(2, 3));
  }

  @Test
  void batch_largeEvents_staysWithinItsBytes() {
    bench.upAndProven();
    bench.append(40, 1_000);
    bench.linger();
    List<SentBatch> sent = bench.link.newlySent();
    assertThat(sent).allSatisfy(batch -> assertThat(batch.json().length()).isLessThan(64 << 10));
    assertThat(sent).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void batch_limitsOfThePresenceAndOfTheBroker_areKept() {
    bench.upAndProven();
    bench.delivery.presence(new Presence(true, 2, 20_000, 7));
    bench.append(20);
    bench.linger();
    assertThat(bench.link.newlySent()).allMatch(sent -> sent.seqs().size() <= 7);
    bench.delivery.down();
    bench.delivery.up(new LinkLimits(10, 2_000));
    bench.link.answerAll(Outcome.DELIVERED);
    bench.append(20, 500);
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).allMatch(sent -> sent.json().length() <= 2_000);
  }

  @Test
  void batch_thatCompressesWell_isCompressed() {
    bench.upAndProven();
    bench.append(100);
    bench.linger();
    assertThat(bench.link.newlySent()).allMatch(SentBatch::compressed);
  }

  @Test
  void batch_ofBodiesOfBothProtocols_holdsTheJournaledBytes() throws IOException {
    byte[] old = V1Codec.encode(new V1Event("app", "sk-1", "llm", "m", 1, 2, null)).orElseThrow();
    byte[] fresh = BatchBench.event(0);
    bench.upAndProven();
    var unused = bench.journal.append(old);
    unused = bench.journal.append(fresh);
    bench.append(0);
    bench.linger();
    String json = bench.link.newlySent().get(0).json();
    assertThat(json)
        .contains("{\"seq\":2," + new String(old, StandardCharsets.UTF_8).substring(1))
        .contains("{\"seq\":3," + new String(fresh, StandardCharsets.UTF_8).substring(1));
  }

  @Test
  void window_receiptsMissing_halvesOnceAndGrowsByOneForEachReceipt() {
    bench.upAndProven();
    for (int i = 0; i < 3; i++) {
      bench.append(1);
      bench.linger();
      bench.link.answerAll(Outcome.DELIVERED);
      bench.committed(bench.journal.mark(), bench.journal.mark());
    }
    bench.link.newlySent();
    bench.append(250 * 20);
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).as("4, and one for each of 4 receipts").hasSize(8);
    bench.scheduler.advance(Duration.ofSeconds(10));
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).as("halved").hasSize(4);
    bench.scheduler.advance(Duration.ofSeconds(10));
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).as("no room for the others").isEmpty();
    bench.scheduler.advance(Duration.ofSeconds(5));
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).as("those that had to wait").hasSize(4);
    bench.scheduler.advance(Duration.ofSeconds(14));
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).as("halved again, and full").isEmpty();
    bench.scheduler.advance(Duration.ofSeconds(1));
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newlySent()).as("halved again").hasSize(2);
  }

  /** One batch that the billing system never answers must not stop all others for good. */
  @Test
  void noReceipt_everForOneBatch_theOthersAreDelivered() {
    bench.upAndProven();
    bench.append(1);
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    // Until the window is one batch.
    bench.scheduler.advance(Duration.ofSeconds(10));
    bench.link.answerAll(Outcome.DELIVERED);
    bench.scheduler.advance(Duration.ofSeconds(20));
    bench.link.answerAll(Outcome.DELIVERED);
    bench.scheduler.advance(Duration.ofSeconds(40));
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newSeqs()).containsOnly(seqs(2, 2));
    bench.append(1);
    bench.scheduler.advance(Duration.ofSeconds(16));
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.link.newSeqs()).containsExactly(seqs(3, 3));
    bench.committed(3, 3);
    assertThat(bench.pending()).as("the one that is never answered").isEqualTo(1);
  }

  /** As long as nobody answers, little more is sent than one batch in ten seconds. */
  @Test
  void noReceipt_atAll_sendsOneBatchAtATime() {
    bench.upAndProven();
    bench.append(250 * 20);
    for (int second = 0; second < 60; second++) {
      bench.link.answerAll(Outcome.DELIVERED);
      bench.scheduler.advance(Duration.ofSeconds(1));
    }
    var unused = bench.link.newlySent();
    for (int second = 0; second < 600; second++) {
      bench.link.answerAll(Outcome.DELIVERED);
      bench.scheduler.advance(Duration.ofSeconds(1));
    }
    assertThat(bench.link.newlySent()).hasSizeLessThanOrEqualTo(61);
  }

  @Test
  void speak_v2AfterV1_sendsWhatV1HadNotDeliveredUnderTheSameIdentity() {
    BatchBench both = new BatchBench();
    both.delivery.speak(Protocol.AUTO);
    both.delivery.up(BatchBench.WIDE);
    both.append(3);
    both.linger();
    assertThat(both.link.newlySent()).as("waits until the protocol is known").isEmpty();
    both.delivery.speak(Protocol.V2);
    both.linger();
    assertThat(both.link.newSeqs()).containsExactly(seqs(1, 3));
  }

  @Test
  void flush_allReceipted_completes() {
    bench.upAndProven();
    bench.append(3);
    CompletableFuture<Void> flush = bench.delivery.flush();
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(flush).isNotDone();
    bench.committed(2, 3);
    bench.rejected(4, /* retryable= */ false);
    assertThat(flush).isCompleted();
  }
}
