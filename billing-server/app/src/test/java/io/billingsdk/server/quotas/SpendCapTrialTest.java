package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.keys.BlockCause;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The end of a trial reaches what the intake remembers of the plan. */
class SpendCapTrialTest extends PlanQuotaFixture {
  @Test
  void cap_afterATrial_countsAndBlocks() {
    subscribe(TRIAL, "trial");
    use("gpt-4", 1_000);
    assertThat(spent()).as("in the trial").isZero();
    pass(Duration.ofDays(15));
    use("gpt-4", 200);
    quotas.spendStops().run();

    assertThat(spent()).isEqualByComparingTo("10");
    assertThat(causes()).containsExactly(BlockCause.PLAN);
  }
}
