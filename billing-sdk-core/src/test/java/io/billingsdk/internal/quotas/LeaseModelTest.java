package io.billingsdk.internal.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random runs of leases beside a naive model, and bugs that they find. */
@Tag("simulation")
final class LeaseModelTest {
  private static final int RUNS = Integer.getInteger("quota.runs", 300);
  private static final int RELEASE_RUNS = 10_000;
  private static final long SEED = Long.getLong("quota.seed", 1);

  @Test
  void randomRuns_besideTheModel_neverExceedAndStrandNothing() {
    long admitted = 0;
    for (long seed = SEED; seed < SEED + RUNS; seed++) {
      try {
        admitted += new LeaseModelRun(seed, PlantedQuotaBug.NONE).play();
      } catch (AssertionError failed) {
        throw new AssertionError("seed " + seed + ": " + failed.getMessage(), failed);
      }
    }
    Proof.sized("quota-lease-model", RUNS, RELEASE_RUNS)
        .with("runs", RUNS)
        .with("admitted", admitted)
        .with("beyond", 0)
        .with("stranded", 0)
        .with("seed", SEED)
        .print();
    assertThat(admitted).isGreaterThan(10L * RUNS);
  }

  @Test
  void randomRuns_plantedBugs_areAllFound() {
    Map<String, Long> foundAt = new TreeMap<>();
    for (PlantedQuotaBug bug : PlantedQuotaBug.values()) {
      long run = bug == PlantedQuotaBug.NONE ? 0 : firstCatch(bug);
      if (run > 0) {
        foundAt.put(bug.name(), run);
      }
    }
    int planted = PlantedQuotaBug.values().length - 1;
    Proof.of("quota-planted-bugs")
        .with("planted", planted)
        .with("found", foundAt.size())
        .with("at_run", foundAt)
        .print();
    assertThat(foundAt).hasSize(planted);
  }

  private static long firstCatch(PlantedQuotaBug bug) {
    for (long seed = 1; seed <= 100; seed++) {
      try {
        new LeaseModelRun(seed, bug).play();
      } catch (AssertionError caught) {
        return seed;
      }
    }
    return 0;
  }
}
