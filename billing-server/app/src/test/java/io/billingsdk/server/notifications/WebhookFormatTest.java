package io.billingsdk.server.notifications;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.common.RequestRefusedException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class WebhookFormatTest {
  private static final Notice ALERT =
      new Notice(
          UUID.randomUUID(),
          NoticeKind.COST_ALERT_RAISED,
          "",
          "{\"rule\":\"high_cost_alert\",\"scope\":\"operation\",\"about\":\"<!channel> & co\","
              + "\"period\":\"2026-12-02\",\"currency\":\"USD\",\"limit\":\"1\","
              + "\"amount\":\"1.1\"}",
          Instant.parse("2026-12-02T10:00:00Z"));

  private static JsonNode body(WebhookFormat format) throws JsonProcessingException {
    return new ObjectMapper().readTree(new String(format.body(ALERT), UTF_8));
  }

  @Test
  void slack_isOneText_inWhichNoNameCallsAnybody() throws JsonProcessingException {
    JsonNode body = body(WebhookFormat.SLACK);
    assertThat(body.size()).isEqualTo(1);
    assertThat(body.path("text").asText())
        .isEqualTo(
            "Cost alert high_cost_alert: &lt;!channel&gt; &amp; co has reached 1.1 USD\n"
                + "&lt;!channel&gt; &amp; co has reached 1.1 USD in the period 2026-12-02."
                + " The rule high_cost_alert has the bound 1 USD.");
  }

  @Test
  void standard_hasTheFields() throws JsonProcessingException {
    JsonNode body = body(WebhookFormat.STANDARD);
    assertThat(body.path("type").asText()).isEqualTo("cost.alert_raised");
    assertThat(body.at("/data/amount").asText()).isEqualTo("1.1");
  }

  @Test
  void otherFormat_isRefused() {
    assertThat(WebhookFormat.require("slack")).isEqualTo(WebhookFormat.SLACK);
    assertThatThrownBy(() -> WebhookFormat.require("teams"))
        .isInstanceOf(RequestRefusedException.class);
  }
}
