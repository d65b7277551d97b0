package io.billingsdk.internal.delivery;

import static io.billingsdk.internal.delivery.BatchBench.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.delivery.BatchLink.SentBatch;
import io.billingsdk.internal.link.PublishResult.Outcome;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.SeqRange;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The answers to a batch, by the broker and by the billing system, and what follows from each. */
final class BatchAnswersTest {
  private final BatchBench bench = new BatchBench();

  @Test
  void puback_withSuccess_freesNothingInTheJournal() {
    bench.delivery.up(BatchBench.WIDE);
    bench.append(10);
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.pending()).isEqualTo(10);
    assertThat(bench.journal.acknowledged).isEmpty();
  }

  @Test
  void receipt_committedAndDuplicates_freesExactlyThose() {
    bench.upAndProven();
    bench.append(10);
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    bench.delivery.receipt(
        new Receipt(
            bench.journal.stream(),
            List.of(new SeqRange(2, 4)),
            List.of(new SeqRange(6, 7)),
            List.of()));
    assertThat(bench.journal.acknowledged).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 6L, 7L);
  }

  @Test
  void receipt_beforeThePuback_frees() {
    bench.upAndProven();
    bench.append(3);
    bench.linger();
    bench.committed(2, 4);
    assertThat(bench.pending()).isZero();
    bench.link.answerAll(Outcome.DELIVERED);
    bench.scheduler.advance(Duration.ofMinutes(10));
    assertThat(bench.link.newSeqs()).containsExactly(seqs(2, 4));
  }

  @Test
  void receipt_unknownRepeatedOrOfAnotherStream_isHarmless() {
    bench.upAndProven();
    bench.append(2);
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    bench.delivery.receipt(
        new Receipt(
            UUID.randomUUID(), List.of(new SeqRange(1, Long.MAX_VALUE)), List.of(), List.of()));
    bench.committed(4, Long.MAX_VALUE);
    assertThat(bench.pending()).isEqualTo(2);
    bench.committed(1, Long.MAX_VALUE);
    bench.committed(1, Long.MAX_VALUE);
    bench.rejected(2, /* retryable= */ false);
    bench.rejected(2, /* retryable= */ true);
    assertThat(bench.pending()).isZero();
    assertThat(bench.journal.deadLettered).isEmpty();
  }

  @Test
  void rejection_forGood_isADeadLetterAndIsTold() {
    bench.upAndProven();
    bench.append(3);
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    bench.rejected(3, /* retryable= */ false);
    assertThat(bench.journal.deadLettered).containsExactly(3L);
    assertThat(bench.observed).containsExactly("dead letter 3: refused by the billing system: NO");
    assertThat(bench.pending()).isEqualTo(2);
  }

  @Test
  void rejection_forNow_isSentAgainLaterAndTheOthersGoOn() {
    bench.upAndProven();
    bench.append(3);
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    bench.rejected(3, /* retryable= */ true);
    bench.committed(2, 2);
    bench.committed(4, 4);
    bench.link.newlySent();
    bench.append(1);
    bench.linger();
    assertThat(bench.link.newSeqs()).containsExactly(seqs(5, 5));
    bench.link.answerAll(Outcome.DELIVERED);
    bench.committed(5, 5);
    bench.scheduler.advance(Duration.ofSeconds(10));
    assertThat(bench.link.newSeqs()).containsExactly(seqs(3, 3));
    assertThat(bench.pending()).isEqualTo(1);
  }

  @Test
  void presence_offline_holdsAndComesBackWithOneBatch() {
    bench.upAndProven();
    bench.append(1_000);
    bench.linger();
    bench.link.answerAll(Outcome.DELIVERED);
    bench.delivery.presence(Presence.of(/* online= */ false));
    assertThat(bench.observed).containsExactly("holding NO_RECEIVER");
    bench.link.newlySent();
    bench.append(1_000);
    bench.scheduler.advance(Duration.ofHours(1));
    assertThat(bench.link.newlySent()).as("nothing is sent to nobody").isEmpty();
    bench.delivery.presence(Presence.of(/* online= */ true));
    assertThat(bench.link.newSeqs()).as("a probe, not a storm").containsExactly(seqs(2, 251));
    bench.link.answerAll(Outcome.DELIVERED);
    assertThat(bench.observed).containsExactly("holding NO_RECEIVER", "delivering");
  }

  @Test
  void presence_onlineWithALedger_tellsTheJournal() {
    UUID ledger = UUID.randomUUID();
    bench.delivery.presence(Presence.of(/* online= */ true));
    bench.delivery.presence(Presence.of(/* online= */ false).withLedger(ledger));
    assertThat(bench.journal.ledgers).as("it takes nothing, or does not say").isEmpty();
    bench.delivery.presence(Presence.of(/* online= */ true).withLedger(ledger));
    assertThat(bench.journal.ledgers).containsExactly(ledger);
  }

  @Test
  void puback_noSubscriber_holdsAndProbesAfterAPause() {
    bench.upAndProven();
    bench.append(600);
    bench.linger();
    assertThat(bench.link.newSeqs()).containsExactly(seqs(2, 251), seqs(252, 501), seqs(502, 601));
    bench.link.answerAll(Outcome.NO_SUBSCRIBER);
    assertThat(bench.observed).containsExactly("holding NO_RECEIVER");
    bench.scheduler.advance(Duration.ofMillis(499));
    assertThat(bench.link.newlySent()).isEmpty();
    bench.scheduler.advance(Duration.ofMillis(1));
    assertThat(bench.link.newSeqs()).containsExactly(seqs(2, 251));
    bench.link.oldest().answer(Outcome.DELIVERED);
    assertThat(bench.link.newSeqs()).containsExactly(seqs(252, 501), seqs(502, 601));
  }

  @Test
  void puback_forbidden_pausesForLong() {
    bench.upAndProven();
    bench.append(1);
    bench.linger();
    bench.link.answerAll(Outcome.FORBIDDEN);
    bench.link.newlySent();
    bench.scheduler.advance(Duration.ofMillis(29_999));
    assertThat(bench.link.newlySent()).isEmpty();
    assertThat(bench.observed).containsExactly("holding FORBIDDEN");
  }

  @Test
  void puback_unacceptable_isNarrowedDownToTheEvent() {
    bench.upAndProven();
    bench.append(4);
    bench.linger();
    while (bench.link.unanswered() > 0) {
      SentBatch sent = bench.link.oldest();
      sent.answer(sent.seqs().contains(4L) ? Outcome.UNACCEPTABLE : Outcome.DELIVERED);
    }
    assertThat(bench.journal.deadLettered).containsExactly(4L);
    bench.committed(1, 100);
    assertThat(bench.pending()).isZero();
  }

  @Test
  void puback_missing_endsTheConnectionAndTheBatchGoesAgain() {
    bench.upAndProven();
    bench.append(1);
    bench.linger();
    bench.scheduler.advance(Duration.ofSeconds(30));
    assertThat(bench.link.reconnects()).isEqualTo(1);
    bench.link.newlySent();
    bench.delivery.up(BatchBench.WIDE);
    assertThat(bench.link.newSeqs()).containsExactly(seqs(2, 2));
  }
}
