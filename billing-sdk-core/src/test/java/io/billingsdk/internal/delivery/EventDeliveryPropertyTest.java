package io.billingsdk.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.delivery.FakeLink.SentMessage;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.PublishResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random answers, losses and timeouts against a receiver that keeps each number once. In the end
 * every event was received exactly once; and in order, as long as the broker refuses nothing while
 * it takes what is behind.
 */
@Tag("simulation")
final class EventDeliveryPropertyTest {
  private static final int RUNS = 1_000;
  private static final int STEPS = 150;
  private static final List<Outcome> OUTCOMES = List.of(Outcome.values());

  @Test
  void randomRuns_lossesAndTimeouts_everythingOnceAndInOrder() {
    for (long seed = 1; seed <= RUNS; seed++) {
      DeliveryRun run = new DeliveryRun(seed, /* refusing= */ false);
      run.play();
      assertThat(run.received)
          .as("seed %d: first receptions are in order", seed)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, run.appended).boxed().toList());
    }
  }

  @Test
  void randomRuns_withRefusals_everythingOnce() {
    for (long seed = 1; seed <= RUNS; seed++) {
      DeliveryRun run = new DeliveryRun(seed, /* refusing= */ true);
      run.play();
      List<Long> everything = new ArrayList<>(run.received);
      everything.addAll(run.unacceptable);
      assertThat(everything)
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.rangeClosed(1, run.appended).boxed().toList());
      assertThat(run.bench.journal.figures().deadLettered())
          .as("seed %d", seed)
          .isEqualTo(run.unacceptable.size());
    }
  }

  private static final class DeliveryRun {
    private final long seed;
    private final Random random;
    private final boolean refusing;
    private final EventDeliveryBench bench;
    private final Set<Long> received = new LinkedHashSet<>();
    private final Set<Long> unacceptable = new LinkedHashSet<>();
    private final List<SentMessage> late = new ArrayList<>();
    private final int window;
    private boolean up;
    private int appended;
    private int reconnects;

    DeliveryRun(long seed, boolean refusing) {
      this.seed = seed;
      this.random = new Random(seed);
      this.refusing = refusing;
      this.window = 1 + random.nextInt(6);
      this.bench = new EventDeliveryBench(window, /* windowBytes= */ 1 + random.nextInt(1_000));
      bench.link.onReconnect(
          () -> {
            reconnects++;
            lose();
          });
    }

    void play() {
      for (int i = 0; i < STEPS; i++) {
        step();
        check();
      }
      settle();
    }

    private void step() {
      switch (random.nextInt(10)) {
        case 0, 1 -> append();
        case 2 -> connectOrLose();
        case 3 -> bench.scheduler.advance(Duration.ofMillis(random.nextInt(2_000)));
        case 4 -> answerLate();
        case 5 -> {
          if (random.nextInt(10) == 0) {
            bench.scheduler.advance(EventDeliveryBench.PUBLISH_TIMEOUT);
          }
        }
        default -> answer();
      }
    }

    private void append() {
      int events = random.nextInt(4);
      bench.append(random.nextInt(100), events);
      appended += events;
    }

    private void connectOrLose() {
      if (!up) {
        up = true;
        bench.delivery.up(new LinkLimits(1 + random.nextInt(8), 1 << 20));
      } else {
        if (random.nextBoolean()) {
          // As the library does it: first the futures fail, then it tells of the loss.
          bench.link.forget().forEach(sent -> maybeReceived(sent, Outcome.UNKNOWN));
        }
        lose();
      }
    }

    /** What was in flight may have arrived or not; in order, as TCP has it. */
    private void lose() {
      up = false;
      List<SentMessage> lost = bench.link.forget();
      int arrived = random.nextInt(lost.size() + 1);
      for (SentMessage sent : lost.subList(0, arrived)) {
        received.add(sent.seq());
      }
      late.addAll(lost);
      bench.down();
    }

    private void maybeReceived(SentMessage sent, Outcome outcome) {
      sent.answer(outcome);
    }

    private void answerLate() {
      if (!late.isEmpty()) {
        SentMessage sent = late.remove(random.nextInt(late.size()));
        sent.answer(OUTCOMES.get(random.nextInt(OUTCOMES.size())));
      }
    }

    private void answer() {
      if (bench.link.unanswered() > 0) {
        SentMessage sent = bench.link.oldest();
        Outcome outcome = outcome();
        if (outcome == Outcome.DELIVERED) {
          received.add(sent.seq());
        } else if (outcome == Outcome.UNACCEPTABLE) {
          if (!received.contains(sent.seq())) {
            unacceptable.add(sent.seq());
          } else {
            outcome = Outcome.DELIVERED; // A broker that took it once will take it again.
          }
        }
        sent.answer(outcome);
      }
    }

    private Outcome outcome() {
      if (!refusing || random.nextInt(3) > 0) {
        return Outcome.DELIVERED;
      }
      return switch (random.nextInt(4)) {
        case 0 -> Outcome.NO_SUBSCRIBER;
        case 1 -> Outcome.TRY_LATER;
        case 2 -> Outcome.FORBIDDEN;
        default -> Outcome.UNACCEPTABLE;
      };
    }

    private void check() {
      assertThat(bench.link.unanswered())
          .as("seed %d: in flight", seed)
          .isLessThanOrEqualTo(window);
      assertThat(bench.journal.figures().pending())
          .as("seed %d: nothing leaves without an answer", seed)
          .isGreaterThanOrEqualTo(appended - received.size() - unacceptable.size());
    }

    /** The broker is well again: everything must come to rest, with no help but time. */
    private void settle() {
      CompletableFuture<Void> flush = bench.delivery.flush();
      if (!up) {
        up = true;
        bench.up();
      }
      for (int i = 0; i < 10_000 && !flush.isDone(); i++) {
        while (bench.link.unanswered() > 0) {
          SentMessage sent = bench.link.oldest();
          received.add(sent.seq());
          sent.answer(Outcome.DELIVERED);
        }
        int before = reconnects;
        bench.scheduler.advance(Duration.ofSeconds(1));
        assertThat(reconnects).as("seed %d: no reason to reconnect", seed).isEqualTo(before);
      }
      assertThat(flush).as("seed %d: everything is settled in the end", seed).isCompleted();
      assertThat(bench.pending()).as("seed %d", seed).isZero();
    }
  }
}
