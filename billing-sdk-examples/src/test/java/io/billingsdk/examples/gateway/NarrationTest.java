package io.billingsdk.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.Caller;
import io.billingsdk.UsageEvent;
import io.billingsdk.examples.gateway.Narration.Narrated;
import io.billingsdk.testkit.BillingTest;
import io.billingsdk.testkit.TestBilling;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A run of several parts, and what stays of one that fails. */
@BillingTest
class NarrationTest {
  private static final Narration NARRATION = new Narration(Caller.of("good-key", "k_1", "aurora"));

  @Test
  void narration_thatSucceeds_reportsEachStep_andEachCost(TestBilling client) throws BadInput {
    Narrated narrated = NARRATION.of("ann", "run-1", "Hello world. Hello again, world.", 1);
    assertThat(narrated.seconds()).isPositive();
    assertThat(narrated.wav().isEmpty()).isFalse();
    assertThat(steps(client))
        .containsExactly(
            "summarize success", "speak success", "listen success", "execution success");
    assertThat(costs(client)).containsExactly("llm tokens", "tts characters", "asr seconds");
    assertThat(client.events())
        .allSatisfy(
            event -> {
              assertThat(event.execution()).isEqualTo("run-1");
              assertThat(event.subject()).isEqualTo("ann");
            });
  }

  @Test
  void narration_whoseSecondStepFails_keepsTheCostOfTheFirst(TestBilling client) {
    String text = "x".repeat(2_001) + ".";
    assertThatThrownBy(() -> NARRATION.of("ann", "run-2", text, 1)).isInstanceOf(BadInput.class);
    assertThat(steps(client))
        .containsExactly("summarize success", "speak failed", "execution failed");
    assertThat(costs(client)).containsExactly("llm tokens");
  }

  /** Those that have ended. */
  private static List<String> steps(TestBilling client) {
    return client.events().stream()
        .filter(event -> Objects.equals(event.module(), "performance"))
        .map(NarrationTest::metadata)
        .filter(metadata -> !Objects.equals(metadata.get("status"), "started"))
        .map(metadata -> metadata.get("step_name") + " " + metadata.get("status"))
        .toList();
  }

  private static List<String> costs(TestBilling client) {
    return client.events().stream()
        .filter(event -> metadata(event).containsKey("unit"))
        .map(event -> event.module() + " " + metadata(event).get("unit"))
        .toList();
  }

  private static Map<String, ?> metadata(UsageEvent event) {
    return Objects.requireNonNull(event.metadata());
  }
}
