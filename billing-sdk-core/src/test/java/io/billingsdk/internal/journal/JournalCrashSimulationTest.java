package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Crashes the journal at any call, with any part of what was not forced kept, several times in its
 * life, and compares what is recovered with what was promised.
 *
 * <p>Sizes: {@code -Djournal.crash.states=1000000}, {@code -Djournal.crash.seed=1}.
 */
@Tag("simulation")
@ExtendWith(QuietJournal.class)
final class JournalCrashSimulationTest {
  private static final long STATES = Long.getLong("journal.crash.states", 25_000);
  private static final long SEED = Long.getLong("journal.crash.seed", 1);

  /** Runs that the processors share; small, so that the size asked for is not much exceeded. */
  private static final int AT_ONCE = 64;

  /** Of runs that failed once; each found a defect that is fixed. */
  private static final long[] REGRESSIONS = {1, 3, 10, 14, 47, 303, 321, 14022};

  private static final long[] REGRESSIONS_WITH_FAULTS = {
    12, 196, 448, 1356, 3944, 6284, 6640, 6816, 10820, 11088, 14636, 32640, 84584, 91916, 126176,
    129540, 144984, 165112, 214888
  };

  @Test
  void recovery_seedsThatFailedOnce_keepEveryPromise() {
    for (long seed : REGRESSIONS) {
      new CrashRun(seed, /* withFaults= */ false).run();
      overlapped(seed, /* withFaults= */ false).run();
    }
    for (long seed : REGRESSIONS_WITH_FAULTS) {
      new CrashRun(seed, /* withFaults= */ true).run();
      overlapped(seed, /* withFaults= */ true).run();
    }
  }

  private static CrashRun overlapped(long seed, boolean withFaults) {
    return new CrashRun(seed, withFaults, /* overlapped= */ true, PlantedBug.NONE);
  }

  @Test
  void recovery_crashesAtAnyCall_keepsEveryPromise() {
    Totals totals = new Totals();
    long begin = System.nanoTime();
    long seed = SEED;
    for (; totals.states < STATES && totals.violations.size() < 20; seed += AT_ONCE) {
      // Whole blocks, so that the same seeds are run whichever thread is faster.
      LongStream.range(seed, seed + AT_ONCE)
          .parallel()
          .mapToObj(JournalCrashSimulationTest::run)
          .toList()
          .forEach(totals::add);
    }
    Proof.sized("journal-simulated-crashes", totals.states, 1_000_000)
        .with("states", totals.states)
        .with("violations", totals.violations.size())
        .with("seed", SEED)
        .with("runs", seed - SEED)
        .with("states_with_faults", totals.faulty)
        .with("states_overlapped", totals.overlapping)
        .with("dropped", totals.dropped)
        .with("seconds", (System.nanoTime() - begin) / 1_000_000_000)
        .print();
    assertThat(totals.violations).isEmpty();
    assertThat(totals.dropped).as("records dropped at the bound").isPositive();
  }

  /** What one run was, and what came of it. */
  private record CrashFigures(
      long states,
      boolean withFaults,
      boolean overlapped,
      long dropped,
      @Nullable String violation) {}

  private static final class Totals {
    private final List<String> violations = new ArrayList<>();
    private long states;
    private long faulty;
    private long overlapping;
    private long dropped;

    void add(CrashFigures result) {
      states += result.states;
      faulty += result.withFaults ? result.states : 0;
      overlapping += result.overlapped ? result.states : 0;
      dropped += result.dropped;
      if (result.violation != null) {
        violations.add(result.violation);
      }
    }
  }

  private static CrashFigures run(long seed) {
    boolean withFaults = seed % 4 == 0;
    // Every other time the journal writes on while the disk forces.
    boolean overlapped = seed / 4 % 2 == 1;
    CrashRun run = new CrashRun(seed, withFaults, overlapped, PlantedBug.NONE);
    try {
      long states = run.run();
      return new CrashFigures(states, withFaults, overlapped, run.dropped(), null);
    } catch (AssertionError violation) {
      return new CrashFigures(0, withFaults, overlapped, 0, String.valueOf(violation.getMessage()));
    }
  }
}
