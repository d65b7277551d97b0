package io.billingsdk.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.delivery.BatchLink.SentBatch;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.PublishResult.Outcome;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.Receipt.Rejection;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.testbed.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random faults against a model of a billing system: batches that a broker acknowledges and drops,
 * receipts that are lost, doubled, delayed and reordered, refusals, connections that are lost,
 * processes that are restarted. Whatever happens: nothing leaves the journal that no receipt has
 * named, the windows hold, and in the end every event is in the ledger or refused.
 */
@Tag("simulation")
final class BatchDeliveryPropertyTest {
  private static final int RUNS = Integer.getInteger("batch.delivery.runs", 200);
  private static final int STEPS = 200;

  @Test
  void randomRuns_anyFault_nothingLostAndNothingFreedWithoutAReceipt() {
    long events = 0;
    long receipts = 0;
    long resent = 0;
    for (long seed = 1; seed <= RUNS; seed++) {
      BatchRun run = new BatchRun(seed);
      run.play();
      events += run.appended;
      receipts += run.receiptsMade;
      resent += run.received - run.ledger.size();
    }
    assertThat(resent).as("the faults did something").isPositive();
    Proof.of("receipts-model")
        .with("runs", RUNS)
        .with("events", events)
        .with("receipts", receipts)
        .with("resent", resent)
        .with("violations", 0)
        .print();
  }

  private static final class BatchRun {
    private final long seed;
    private final Random random;
    private final WatchedJournal journal = new WatchedJournal();
    private final int windowMessages;
    private BatchBench bench;
    private boolean up;
    private boolean online = true;
    private int appended;

    /** What the billing system has. */
    private final Set<Long> ledger = new HashSet<>();

    private final Set<Long> refused = new HashSet<>();
    private final Map<Long, Integer> refusedForNow = new HashMap<>();
    private final List<Receipt> underWay = new ArrayList<>();

    /** What receipts that came have named. */
    private final Set<Long> named = new HashSet<>();

    private long receiptsMade;
    private long received;

    BatchRun(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.windowMessages = 1 + random.nextInt(10);
      this.bench = newBench();
    }

    private BatchBench newBench() {
      BatchBench made = new BatchBench(journal, windowMessages, random::nextDouble);
      made.link.onReconnect(
          () -> {
            up = false;
            made.link.forget();
            made.delivery.down();
          });
      return made;
    }

    void play() {
      for (int i = 0; i < STEPS; i++) {
        step();
        check();
      }
      settle();
    }

    private void step() {
      switch (random.nextInt(14)) {
        case 0, 1 -> append();
        case 2 -> connectOrLose();
        case 3, 4 -> bench.scheduler.advance(Duration.ofMillis(random.nextInt(50)));
        case 5 -> bench.scheduler.advance(Duration.ofSeconds(random.nextInt(30)));
        case 6 -> presence(random.nextInt(3) > 0);
        case 7 -> maybeRestart();
        case 8, 9, 10 -> receipt();
        default -> answer();
      }
    }

    private void append() {
      int events = random.nextInt(random.nextInt(10) == 0 ? 1_000 : 20);
      bench.append(events, random.nextInt(50));
      appended += events;
    }

    private void connectOrLose() {
      if (!up) {
        up = true;
        bench.delivery.up(new LinkLimits(1 + random.nextInt(20), 4_000 + random.nextInt(100_000)));
      } else {
        up = false;
        for (SentBatch sent : bench.link.forget()) {
          if (random.nextBoolean()) {
            arrive(sent);
          }
        }
        bench.delivery.down();
      }
    }

    private void presence(boolean nowOnline) {
      online = nowOnline;
      bench.delivery.presence(
          new Presence(online, 2, 20_000 + random.nextInt(200_000), 1 + random.nextInt(300)));
    }

    /** A new process finds the journal as it is; receipts for the old one are still under way. */
    private void maybeRestart() {
      if (random.nextInt(5) == 0) {
        up = false;
        journal.rewind();
        bench = newBench();
        bench.delivery.presence(Presence.of(online));
      }
    }

    private void answer() {
      if (bench.link.unanswered() == 0) {
        return;
      }
      SentBatch sent = bench.link.oldest();
      switch (random.nextInt(12)) {
        case 0 -> sent.answer(Outcome.NO_SUBSCRIBER);
        case 1 -> sent.answer(Outcome.TRY_LATER);
        case 2 -> sent.answer(Outcome.DELIVERED); // And dropped from a full queue.
        case 3 -> {
          arrive(sent); // The receipt may be faster than the answer.
          receipt();
          sent.answer(Outcome.DELIVERED);
        }
        default -> {
          arrive(sent);
          sent.answer(Outcome.DELIVERED);
        }
      }
    }

    private void arrive(SentBatch sent) {
      TreeSet<Long> committed = new TreeSet<>();
      TreeSet<Long> duplicates = new TreeSet<>();
      List<Rejection> rejected = new ArrayList<>();
      received += sent.seqs().size();
      for (long seq : sent.seqs()) {
        if (ledger.contains(seq)) {
          duplicates.add(seq);
        } else if (seq % 17 == 0) {
          refused.add(seq);
          rejected.add(new Rejection(seq, "BAD", /* retryable= */ false));
        } else if (seq % 13 == 0 && refusedForNow.merge(seq, 1, Integer::sum) <= 2) {
          rejected.add(new Rejection(seq, "LATER", /* retryable= */ true));
        } else {
          ledger.add(seq);
          committed.add(seq);
        }
      }
      receiptsMade++;
      underWay.add(
          new Receipt(
              sent.stream(),
              SeqRange.covering(committed),
              SeqRange.covering(duplicates),
              rejected));
    }

    /** One that is under way comes, or is lost, or comes and will come again. */
    private void receipt() {
      if (underWay.isEmpty()) {
        return;
      }
      int which = random.nextInt(underWay.size());
      int fate = random.nextInt(4);
      Receipt receipt = fate == 0 ? underWay.get(which) : underWay.remove(which);
      if (fate != 1) {
        tell(receipt);
      }
    }

    private void tell(Receipt receipt) {
      for (List<SeqRange> ranges : List.of(receipt.committed(), receipt.duplicates())) {
        for (SeqRange range : ranges) {
          for (long seq = range.first(); seq <= range.last(); seq++) {
            named.add(seq);
          }
        }
      }
      bench.delivery.receipt(receipt);
    }

    private void check() {
      assertThat(bench.link.unanswered())
          .as("seed %d: in flight", seed)
          .isLessThanOrEqualTo(windowMessages);
      // Not by an assertion on the collections: that looks at each pair, after each step.
      assertThat(named.containsAll(journal.acknowledged))
          .as("seed %d: freed by a receipt, not by anything else", seed)
          .isTrue();
      assertThat(refused.containsAll(journal.deadLettered))
          .as("seed %d: set aside only what was refused for good", seed)
          .isTrue();
      assertThat(journal.figures().pending())
          .as("seed %d: the loss equation", seed)
          .isEqualTo(appended - journal.acknowledged.size() - journal.deadLettered.size());
    }

    /** Everything is well again: it must come to rest, with no help but time. */
    private void settle() {
      CompletableFuture<Void> flush = bench.delivery.flush();
      presence(/* nowOnline= */ true);
      for (int i = 0; i < 5_000 && !flush.isDone(); i++) {
        if (!up) {
          up = true;
          bench.delivery.up(BatchBench.WIDE);
        }
        while (bench.link.unanswered() > 0) {
          SentBatch sent = bench.link.oldest();
          arrive(sent);
          sent.answer(Outcome.DELIVERED);
        }
        List<Receipt> all = List.copyOf(underWay);
        underWay.clear();
        all.forEach(this::tell);
        bench.scheduler.advance(Duration.ofSeconds(1));
      }
      assertThat(flush).as("seed %d: everything is settled in the end", seed).isCompleted();
      check();
      Set<Long> all = new HashSet<>(ledger);
      all.addAll(refused);
      assertThat(all).as("seed %d: nothing is lost", seed).hasSize(appended);
      assertThat(journal.acknowledged).as("seed %d", seed).isEqualTo(ledger);
      assertThat(journal.deadLettered).as("seed %d", seed).isEqualTo(refused);
    }
  }
}
