package io.billingsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.billingsdk.examples.demo.PlannedCall.KeyUse;
import io.billingsdk.examples.demo.PlannedCall.Service;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallPlanTest {
  @Test
  void of_sameSeed_samePlan() throws IOException {
    DemoInputs inputs = DemoInputs.shipped();
    assertThat(CallPlan.of(99, 7, inputs)).isEqualTo(CallPlan.of(99, 7, inputs));
    assertThat(CallPlan.of(99, 7, inputs)).isNotEqualTo(CallPlan.of(99, 8, inputs));
  }

  @Test
  void of_fewestCalls_bothHalvesHaveEveryKindOfKey() throws IOException {
    CallPlan plan = CallPlan.of(CallPlan.FEWEST_CALLS, 1, DemoInputs.shipped());
    assertThat(plan.firstHalf()).extracting(PlannedCall::key).containsExactly(KeyUse.values());
    assertThat(plan.secondHalf()).extracting(PlannedCall::key).containsExactly(KeyUse.values());
  }

  @Test
  void of_fewerCalls_isRefused() throws IOException {
    DemoInputs inputs = DemoInputs.shipped();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CallPlan.of(9, 1, inputs))
        .withMessage("calls must be at least 10, but was 9");
  }

  @Test
  void of_noWavFiles_noAudioCalls() {
    CallPlan plan = CallPlan.of(200, 1, new DemoInputs(List.of("Hello."), List.of()));
    assertThat(plan.firstHalf()).extracting(PlannedCall::service).doesNotContain(Service.ASR);
  }

  @Test
  void expectedDenials_keyBlockedHalfWay_countsOnlyItsSecondHalf() throws IOException {
    CallPlan plan = CallPlan.of(10, 1, DemoInputs.shipped());
    assertThat(plan.expectedDenials())
        .isEqualTo(
            Map.of("API_KEY_INVALID", 2L, "CREDENTIALS_MISSING", 2L, "CONSUMER_SUSPENDED", 3L));
  }
}
