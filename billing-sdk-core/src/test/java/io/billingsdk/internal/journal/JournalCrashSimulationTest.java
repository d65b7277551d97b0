package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Crashes the journal at any call, with any part of what was not forced kept, several times in its
 * life, and compares what is recovered with what was promised.
 *
 * <p>Sizes: {@code -Djournal.crash.states=1000000}, {@code -Djournal.crash.seed=1}.
 */
@ExtendWith(QuietJournal.class)
final class JournalCrashSimulationTest {
  private static final long STATES = Long.getLong("journal.crash.states", 50_000);
  private static final long SEED = Long.getLong("journal.crash.seed", 1);

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
    long states = 0;
    long faulty = 0;
    long overlapping = 0;
    long dropped = 0;
    List<String> violations = new ArrayList<>();
    long begin = System.nanoTime();
    long seed = SEED;
    for (; states < STATES && violations.size() < 20; seed++) {
      boolean withFaults = seed % 4 == 0;
      try {
        // Every other time the journal writes on while the disk forces.
        boolean overlapped = seed / 4 % 2 == 1;
        CrashRun run = new CrashRun(seed, withFaults, overlapped, PlantedBug.NONE);
        long checked = run.run();
        dropped += run.dropped();
        states += checked;
        overlapping += overlapped ? checked : 0;
        faulty += withFaults ? checked : 0;
      } catch (AssertionError violation) {
        violations.add(String.valueOf(violation.getMessage()));
      }
    }
    Proof.sized("journal-simulated-crashes", states, 1_000_000)
        .with("states", states)
        .with("violations", violations.size())
        .with("seed", SEED)
        .with("runs", seed - SEED)
        .with("states_with_faults", faulty)
        .with("states_overlapped", overlapping)
        .with("dropped", dropped)
        .with("seconds", (System.nanoTime() - begin) / 1_000_000_000)
        .print();
    assertThat(violations).isEmpty();
    assertThat(dropped).as("records dropped at the bound").isPositive();
  }
}
