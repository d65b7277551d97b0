package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * As {@link JournalCrashSimulationTest}, for a journal that retains what was delivered, and is
 * delivered to one ledger after the other: after any crash all that was durable goes to whichever
 * ledger comes next, if it is not there.
 *
 * <p>Sizes: {@code -Djournal.retaining.runs=100000}, {@code -Djournal.crash.seed=1}.
 */
@Tag("simulation")
@ExtendWith(QuietJournal.class)
final class DeliveredRetentionCrashSimulationTest {
  private static final long RUNS = Long.getLong("journal.retaining.runs", 1_500);
  private static final long SEED = Long.getLong("journal.crash.seed", 1);

  /** Of runs that failed once; each found a defect that is fixed. */
  private static final long[] REGRESSIONS = {34896};

  @Test
  void bringingBack_seedsThatFailedOnce_keepEveryPromise() {
    for (long seed : REGRESSIONS) {
      assertThat(run(seed).violation()).isNull();
    }
  }

  @Test
  void bringingBack_crashesAtAnyCall_everyLedgerGetsAll() {
    List<RetentionFigures> results =
        LongStream.range(SEED, SEED + RUNS)
            .parallel()
            .mapToObj(DeliveredRetentionCrashSimulationTest::run)
            .toList();
    List<String> violations =
        results.stream().map(RetentionFigures::violation).filter(Objects::nonNull).toList();
    long broughtBack = results.stream().mapToLong(RetentionFigures::broughtBack).sum();
    Proof.sized("journal-retained-crashes", RUNS, 100_000)
        .with("runs", RUNS)
        .with("states", results.stream().mapToLong(RetentionFigures::states).sum())
        .with("violations", violations.size())
        .with("brought_back", broughtBack)
        .with("seed", SEED)
        .print();
    assertThat(violations).isEmpty();
    assertThat(broughtBack).as("records that were delivered once more").isPositive();
  }

  private record RetentionFigures(long states, long broughtBack, @Nullable String violation) {}

  private static RetentionFigures run(long seed) {
    boolean withFaults = seed % 4 == 0;
    boolean overlapped = seed / 4 % 2 == 1;
    CrashRun run =
        new CrashRun(seed, withFaults, overlapped, /* retaining= */ true, PlantedBug.NONE);
    try {
      long states = run.run();
      return new RetentionFigures(states, run.broughtBack(), null);
    } catch (AssertionError violation) {
      return new RetentionFigures(0, 0, String.valueOf(violation.getMessage()));
    }
  }
}
