package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsTest {
  /** As the server signs it: {@code HolderTokensTest} has the same. */
  private static final String TOKEN =
      "bst_AgAAAAEAAAAAAAAABwAAAAAAAAAJAAAAAHE_swA.cKUj3PpWJ6OjksQcSZM1wZNkScBcwY_TwoSgtnuU-sA";

  private final FakeBillingClient client = new FakeBillingClient();

  private Statistics of(String token) {
    return new Statistics(client::report, "sk-1", token);
  }

  private List<UsageEvent> events() {
    return client.reported().stream().map(Objects::requireNonNull).toList();
  }

  @Test
  void events_ofASession_nameItsPersonTypeAndMeasure() {
    Statistics session = of(TOKEN);
    session.fileUploaded("audio", 1_048_576, "mp3");
    session.projectCreated();
    session.projectFileAdded();
    session.projectWorked(Duration.ofMinutes(15));
    session.exported(Duration.ofMillis(1_500), null, false);
    session.subtitlesMade(Duration.ofMinutes(5), true);

    assertThat(session.hasPerson()).isTrue();
    assertThat(events())
        .extracting(UsageEvent::session)
        .containsOnly("st-00000000-0000-0007-0000-000000000009");
    assertThat(events()).extracting(UsageEvent::module).containsOnly("media");
    assertThat(events()).extracting(UsageEvent::apiKey).containsOnly("sk-1");
    assertThat(events())
        .extracting(UsageEvent::model)
        .containsExactly(
            "file_upload",
            "project_create",
            "project_file",
            "project_time",
            "export",
            "ai_subtitle");
    assertThat(events().stream().map(each -> String.valueOf(each.usage())))
        .containsExactly("1048576", "1", "1", "900", "1.5", "300");
    Map<String, ?> export = Objects.requireNonNull(events().get(4).metadata());
    assertThat(export.keySet()).containsExactly("success");
    assertThat(export.get("success")).isEqualTo(false);
  }

  @Test
  void event_ofAProfileOfItsOwn_isOfItsModule() {
    of(TOKEN).withProfile("quiz").event("answer", new BigDecimal("7"), Map.of("topic", "art"));

    assertThat(events().get(0).module()).isEqualTo("quiz");
    assertThat(events().get(0).model()).isEqualTo("answer");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "bst_", "bst_.x", "bst_AgAA.x", "bst_ä.x", "sk-1", "bst_AgAAAAEAAAAA"})
  void events_ofAnotherText_areUsageOfNobody(String text) {
    Statistics nobody = of(text);

    assertThat(nobody.projectCreated()).isInstanceOf(ReportOutcome.Accepted.class);
    assertThat(nobody.hasPerson()).isFalse();
    assertThat(events().get(0).session()).isNull();
    assertThat(nobody.toString()).doesNotContain("sk-1");
  }
}
