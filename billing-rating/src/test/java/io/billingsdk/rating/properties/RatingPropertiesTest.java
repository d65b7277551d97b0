package io.billingsdk.rating.properties;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each property with random inputs: {@code -Drating.runs} of each, {@code -Drating.seed} to run a
 * seed again.
 */
@Tag("simulation")
final class RatingPropertiesTest {
  private static final int RUNS = Integer.getInteger("rating.runs", 2_500);
  private static final int RELEASE = 10_000;
  private static final long SEED = Long.getLong("rating.seed", new Random().nextInt());

  @Test
  void properties_ofRandomInputs_hold() {
    List<String> violations = new ArrayList<>();
    long runs = 0;
    for (Map.Entry<String, Property> property : Properties.byName().entrySet()) {
      for (int run = 0; run < RUNS; run++) {
        long seed = Properties.seedOf(SEED, property.getKey(), run);
        Properties.violation(property.getValue(), seed, new Subject())
            .ifPresent(violation -> violations.add(property.getKey() + " " + violation));
        runs++;
      }
    }
    Proof.sized("rating-properties", RUNS, RELEASE)
        .with("properties", Properties.byName().size())
        .with("runs", runs)
        .with("violations", violations.size())
        .with("seed", SEED)
        .print();
    assertThat(violations.stream().limit(10)).as("violations, of seed %s", SEED).isEmpty();
  }
}
