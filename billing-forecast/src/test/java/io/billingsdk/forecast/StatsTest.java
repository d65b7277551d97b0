package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The median that selects gives what sorting gives. */
final class StatsTest {
  @Test
  void median_ofAnyValues_isThatOfSortedOnes() {
    long seed = Long.getLong("forecast.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < 20_000; run++) {
      int count = random.nextInt(130);
      // Few different values now and then: equal ones must not confuse it.
      int kinds = run % 3 == 0 ? 3 : 1_000;
      double[] values = random.ints(count + 3, 0, kinds).asDoubleStream().toArray();
      double[] sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      double expected =
          count == 0
              ? 0
              : count % 2 == 1
                  ? sorted[count / 2]
                  : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
      assertThat(Stats.median(values, count)).as("seed %d, run %d", seed, run).isEqualTo(expected);
    }
  }

  @Test
  void student_isNearItsTable() {
    // The quantiles of 0.9 with 3, 5, 10 and 30 degrees of freedom.
    assertThat(Stats.student(1.2816, 3)).isCloseTo(1.638, within(0.02));
    assertThat(Stats.student(1.2816, 5)).isCloseTo(1.476, within(0.003));
    assertThat(Stats.student(1.2816, 10)).isCloseTo(1.372, within(0.001));
    assertThat(Stats.student(1.2816, 30)).isCloseTo(1.310, within(0.001));
  }
}
