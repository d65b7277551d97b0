package io.billingsdk.rating.properties;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bugs that are planted by doubles: a property that finds none of them would prove nothing. */
@Tag("simulation")
final class PlantedBugsTest {
  private static final int RUNS = 2_000;
  private static final long SEED = Long.getLong("rating.seed", new Random().nextInt());

  @Test
  void properties_ofASubjectWithABug_findIt() {
    Map<String, Subject> bugs = new LinkedHashMap<>();
    PriceBugs.addTo(bugs);
    TimeBugs.addTo(bugs);
    InvoiceBugs.addTo(bugs);
    List<String> missed = new ArrayList<>();
    bugs.forEach(
        (bug, subject) -> {
          if (!isFound(subject)) {
            missed.add(bug);
          }
        });
    Proof.of("rating-planted-bugs")
        .with("bugs", bugs.size())
        .with("found", bugs.size() - missed.size())
        .with("seed", SEED)
        .print();
    assertThat(missed).as("bugs that no property found, of seed %s", SEED).isEmpty();
  }

  private static boolean isFound(Subject subject) {
    for (int run = 0; run < RUNS; run++) {
      for (Map.Entry<String, Property> property : Properties.byName().entrySet()) {
        long seed = Properties.seedOf(SEED, property.getKey(), run);
        if (Properties.violation(property.getValue(), seed, subject).isPresent()) {
          return true;
        }
      }
    }
    return false;
  }
}
