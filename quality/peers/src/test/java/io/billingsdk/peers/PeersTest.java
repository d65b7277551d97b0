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

  /** By default the journal forces each 200 ms. */
  private static final int FORCES_A_SECOND = 5;

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

  /** The sink is away for a second before each kill: a library holds that second, or loses it. */
  @Test
  void kills_queueInMemoryBesideAJournal_losesWhatTheJournalKeeps() throws Exception {
    int atStake = TINY.kills() * TINY.secondsToKill() * A_SECOND;
    CompletableFuture<Result> inMemory =
        CompletableFuture.supplyAsync(() -> kills(Library.OPENTELEMETRY));
    Result ours = kills(Library.BILLING);
    assertThat(ours.accepted()).isGreaterThan(atStake / 2);
    // The last events before a kill may have been in memory alone (durability.md): for a
    // millisecond, or for the time of a force. One interval of forces is the bound.
    assertThat(ours.lost()).isLessThan(TINY.kills() * A_SECOND / FORCES_A_SECOND);
    assertThat(ours.doubled()).isZero();
    // Half of them: a busy machine reports fewer in that second.
    assertThat(inMemory.get().lost()).isGreaterThan(atStake / 2);
  }

  private Result kills(Library library) {
    try (Loss loss = Loss.of(library, "kill-9-away", true, TINY, directory, Sink.Plant.NONE)) {
      return loss.killsWhileAway();
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
