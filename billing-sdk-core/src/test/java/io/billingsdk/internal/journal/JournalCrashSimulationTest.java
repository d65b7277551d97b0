package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
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

  private static final long[] REGRESSIONS_WITH_FAULTS = {12, 196, 448, 1356, 3944, 6816};

  private final AtomicLong nextSeed = new AtomicLong(SEED);
  private final LongAdder states = new LongAdder();
  private final LongAdder faulty = new LongAdder();
  private final LongAdder overlapping = new LongAdder();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();

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
    long begin = System.nanoTime();
    // A run depends on nothing but its seed: one processor each.
    IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .parallel()
        .forEach(processor -> runUntilEnough());
    Proof.sized("journal-simulated-crashes", states.sum(), 1_000_000)
        .with("states", states.sum())
        .with("violations", violations.size())
        .with("seed", SEED)
        .with("runs", nextSeed.get() - SEED)
        .with("states_with_faults", faulty.sum())
        .with("states_overlapped", overlapping.sum())
        .with("seconds", (System.nanoTime() - begin) / 1_000_000_000)
        .print();
    assertThat(violations).isEmpty();
  }

  private void runUntilEnough() {
    while (states.sum() < STATES && violations.size() < 20) {
      long seed = nextSeed.getAndIncrement();
      boolean withFaults = seed % 4 == 0;
      // Every other time the journal writes on while the disk forces.
      boolean overlapped = seed / 4 % 2 == 1;
      try {
        long checked = new CrashRun(seed, withFaults, overlapped, PlantedBug.NONE).run();
        states.add(checked);
        overlapping.add(overlapped ? checked : 0);
        faulty.add(withFaults ? checked : 0);
      } catch (AssertionError violation) {
        violations.add(String.valueOf(violation.getMessage()));
      }
    }
  }
}
