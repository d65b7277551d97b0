package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What judges the alerts tells one that fires and stops from one that does not. */
class AlertTimelineTest {
  private static final String UP = "billing_up 1.0\n";
  private static final String DOWN = "billing_up 0.0\n";

  @TempDir Path directory = Path.of("");

  private String judged(String before, String during, String after) throws Exception {
    AlertTimeline timeline = AlertTimeline.of(Packaging.path("prometheus/billing-alerts.yml"));
    timeline.add(before, 20);
    timeline.add(during, 20);
    timeline.add(after, 20);
    timeline.fires("BillingTakesNothingIn", "a broker", 20, 40);
    Optional<String> judged = timeline.judged(directory);
    assumeTrue(judged.isPresent(), "promtool is not installed");
    return judged.get();
  }

  @Test
  void judged_alertThatFiresAndStops_isRight() throws Exception {
    assertThat(judged(UP, DOWN, UP)).isEmpty();
  }

  @Test
  void judged_alertThatIsEarlyOrLateOrSilent_isWrong() throws Exception {
    assertThat(judged(UP, UP, UP)).as("silent").contains("FAILED");
    assertThat(judged(UP, DOWN, DOWN)).as("does not stop").contains("FAILED");
    assertThat(judged(DOWN, DOWN, UP)).as("fires before").contains("FAILED");
  }
}
