package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How wide the intervals are, by how much a back-test tells. */
final class SpreadsTest {
  private static final double[] ALIKE = {0.1, 0.1, 0.1, 0.1};
  private static final double[] OWN = {0.1, -0.1, 0.1, -0.1};

  @Test
  void agreement_isOneOfErrorsAlike_andNothingOfErrorsThatCancelOut() {
    assertThat(played(40, ALIKE).agreement(came(40, ALIKE))).isCloseTo(1, within(1e-9));
    assertThat(played(40, OWN).agreement(came(40, OWN))).isZero();
  }

  @Test
  void spread_ofErrorsAlike_isWiderThanOfOwnOnes_andTheMoreTheFewerThereAre() {
    double alike = spread(40, ALIKE);
    assertThat(alike).isGreaterThan(1.05 * spread(40, OWN));
    assertThat(spread(12, ALIKE)).isGreaterThan(1.1 * alike);
    // Many own errors are believed.
    assertThat(spread(400, OWN)).isCloseTo(0.1, within(0.005));
  }

  @Test
  void spread_beyondTheBackTest_growsOn() {
    double[] days = Spreads.of(played(40, ALIKE), came(40, ALIKE)).ofDays(28);
    assertThat(days).isSorted();
    assertThat(days[27]).isGreaterThan(2 * days[3]);
  }

  /** The last spread that the back-test tells. */
  private static double spread(int days, double[] errors) {
    return Spreads.of(played(days, errors), came(days, errors)).ofDays(4)[3];
  }

  /** Paths of ones, each as long as its errors. */
  private static Rehearsal played(int days, double[] errors) {
    int count = days / errors.length;
    double[][] paths = new double[count][errors.length];
    int[] origins = new int[count];
    for (int i = 0; i < count; i++) {
      Arrays.fill(paths[i], 1);
      origins[i] = i * errors.length;
    }
    return new Rehearsal(ForecastMethod.MEAN, paths, origins, 0.1);
  }

  private static double[] came(int days, double[] errors) {
    double[] came = new double[days];
    for (int i = 0; i < days; i++) {
      came[i] = 1 + errors[i % errors.length];
    }
    return came;
  }
}
