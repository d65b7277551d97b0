package io.billingsdk.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The comparison in small: that it counts what is lost and what is doubled, and that each part of
 * it runs. Its figures say nothing.
 */
@Tag("system")
@Timeout(120)
class PeersTest {
  private static final int A_SECOND = 200;

  private static final Sizes TINY =
      new Sizes(
          /* events= */ 600,
          /* steadyEvents= */ 100,
          /* steadyASecond= */ 1_000,
          A_SECOND,
          /* kills= */ 2,
          /* secondsToKill= */ 1,
          /* patience= */ Duration.ofSeconds(2),
          /* shortPatience= */ Duration.ofSeconds(1),
          /* shortOutage= */ Duration.ofSeconds(1),
          /* longOutage= */ Duration.ofSeconds(1));

  @TempDir Path directory = Path.of("");

  @Test
  void add_identitiesOfALibrary_tellRepeatedFromDoubled() {
    Arrivals arrivals = new Arrivals();
    arrivals.add(1, "a");
    arrivals.add(1, "a");
    arrivals.add(1, "b");
    arrivals.add(2, null);
    arrivals.add(2, null);
    assertThat(arrivals.distinct()).isEqualTo(2);
    assertThat(arrivals.repeated()).isEqualTo(3);
    assertThat(arrivals.doubled()).isEqualTo(2);
  }

  /** No library: a sink that drops and repeats is counted to the event. */
  @Test
  void calm_sinkThatDropsAndRepeats_isCountedExactly() throws Exception {
    try (Loss loss =
        Loss.of(Library.PLAIN, "planted", false, TINY, directory, new Sink.Plant(10, 7))) {
      Result result = loss.calm();
      int dropped = count(result.accepted(), 10, 1);
      int repeated = count(result.accepted(), 7, 10);
      assertThat(result.accepted()).isEqualTo(2 * A_SECOND);
      assertThat(result.lost()).isEqualTo(dropped);
      assertThat(result.repeated()).isEqualTo(repeated);
      assertThat(result.doubled()).isEqualTo(repeated);
      Proof.of("peers-planted")
          .with("events", result.accepted())
          .with("dropped", dropped)
          .with("lost_counted", result.lost())
          .with("repeated", repeated)
          .with("doubled_counted", result.doubled())
          .print();
    }
  }

  /** Numbers below so many that can be divided by the one, and not by the other unless it is 1. */
  private static int count(int below, int by, int notBy) {
    return (int)
        IntStream.range(0, below)
            .filter(number -> number % by == 0 && (notBy == 1 || number % notBy != 0))
            .count();
  }

  @Test
  void kills_queueInMemoryBesideAJournal_losesWhatTheJournalKeeps() throws Exception {
    CompletableFuture<Result> inMemory =
        CompletableFuture.supplyAsync(() -> kills(Library.OPENTELEMETRY));
    Result ours = kills(Library.BILLING);
    assertThat(ours.accepted()).isPositive();
    // The last events before a kill may have been in memory alone (durability.md): for a
    // millisecond, or as long as a force lasts, which a busy machine makes long.
    assertThat(ours.lost()).isLessThan(A_SECOND);
    assertThat(ours.doubled()).isZero();
    assertThat(inMemory.get().lost()).isPositive();
  }

  private Result kills(Library library) {
    try (Loss loss = Loss.of(library, "kill-9", false, TINY, directory, Sink.Plant.NONE)) {
      return loss.kills();
    } catch (Exception failed) {
      throw new AssertionError(library.printed(), failed);
    }
  }

  @Test
  void costs_ofALibrary_haveEachFigure() throws Exception {
    Costs costs = Costs.of(Library.OPENTELEMETRY, TINY, directory);
    for (String figure : new String[] {"p50_ns", "p99_ns", "bytes", "peak_mib", "lost"}) {
      assertThat(costs.figure("burst", figure)).matches("\\d+");
    }
    assertThat(costs.figure("flow", "delivered_per_s")).matches("[1-9]\\d*");
    assertThat(costs.figure("steady", "lost")).isEqualTo("0");
  }
}
