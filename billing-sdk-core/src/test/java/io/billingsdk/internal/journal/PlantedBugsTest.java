package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.mockStatic;

import io.billingsdk.testbed.Proof;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.MockedStatic;

/** The suite is good enough only if it notices these. */
@Tag("simulation")
@ExtendWith(QuietJournal.class)
final class PlantedBugsTest {
  private static final int RUNS = 500;

  /** Those of the list but none, and the checksum. */
  private static final int PLANTED = PlantedBug.values().length;

  @Test
  void suite_plantedBugs_areAllCaught() {
    Map<String, Long> caughtByRun = new TreeMap<>();
    for (PlantedBug bug : PlantedBug.values()) {
      long run = firstCatch(bug);
      if (bug == PlantedBug.NONE) {
        assertThat(run).as("without a bug nothing is caught").isZero();
      } else if (run > 0) {
        caughtByRun.put(bug.name(), run);
      }
    }
    if (badChecksumIsCaught()) {
      caughtByRun.put("BAD_CRC", 1L);
    }
    Proof.sized("journal-planted-bugs")
        .with("planted", PLANTED)
        .with("caught", caughtByRun.size())
        .with("at_run", caughtByRun)
        .print();
    assertThat(caughtByRun).hasSize(PLANTED);
  }

  /** The number of the crash run that notices it; 0 when none does. */
  private static long firstCatch(PlantedBug bug) {
    for (long seed = 1; seed <= RUNS; seed++) {
      try {
        boolean overlapped = seed % 2 == 0;
        new CrashRun(seed, /* withFaults= */ false, overlapped, bug).run();
      } catch (AssertionError caught) {
        return seed;
      }
    }
    return 0;
  }

  /** The checksum of the body is not looked at. */
  private static boolean badChecksumIsCaught() {
    JournalDamageTest.checkFlipInABody();
    try (MockedStatic<SegmentFormat> format = mockStatic(SegmentFormat.class, CALLS_REAL_METHODS)) {
      format.when(() -> SegmentFormat.matches(any(), any(), any())).thenReturn(true);
      JournalDamageTest.checkFlipInABody();
      return false;
    } catch (AssertionError caught) {
      return true;
    }
  }
}
