package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executions by their times, page by page. */
@Tag("postgres")
class ExecutionListTest {
  private static final String RANGE = "?from=2026-11-04T00:00:00Z&to=2026-11-05T00:00:00Z";

  @TempDir Path directory;

  private HttpTestbed http;
  private int number;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    http.startCosts();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private void step(String run, String task, String at, String end) {
    send(
        "performance",
        """
        {"record_id":"s-%d","execution_id":"%s","user_id":"ann","task_type":"%s",
         "step_name":"step-%1$d","started_at":"%s",%s}
        """
            .formatted(++number, run, task, at, end));
  }

  private void cost(String run, String service, String quantity) {
    send(
        "cost",
        """
        {"record_id":"c-%d","execution_id":"%s","user_id":"ann","service":"%s",
         "operation":"transcribe","quantity":%s,"unit":"minutes",
         "started_at":"2026-11-04T10:00:00Z"}
        """
            .formatted(++number, run, service, quantity));
  }

  private void send(String kind, String body) {
    Reply reply = http.send("POST", "/api/analytics/" + kind + "/records", http.writeToken(), body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }

  private JsonNode list(String more) {
    Reply reply = http.get("/api/v1/executions" + RANGE + more);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static List<String> names(JsonNode page) {
    List<String> names = new ArrayList<>();
    page.path("items").forEach(each -> names.add(each.path("executionId").asText()));
    return names;
  }

  @Test
  void executions_ofARange_haveTheirStates_andWhatFinishedStepsCost() {
    String failed = "\"duration\":5,\"status\":\"failed\",\"error\":\"no sound\"";
    String well = "\"duration\":9,\"status\":\"success\"";
    step("b", "video_generation", "2026-11-04T10:00:00Z", well);
    step("b", "video_generation", "2026-11-04T10:01:00Z", failed);
    step("a", "video_generation", "2026-11-04T10:00:00Z", well);
    step("c", "material_analysis", "2026-11-04T09:00:00Z", "\"metadata\":{}");
    step("late", "video_generation", "2026-11-05T00:00:00Z", well);
    cost("b", "whisper", "10");
    cost("c", "nobody_knows", "10");
    http.makeCosts();

    assertThat(names(list(""))).containsExactly("c", "a", "b");
    assertThat(names(list("&taskType=video_generation"))).containsExactly("a", "b");
    JsonNode first = list("&limit=2");
    assertThat(names(first)).containsExactly("c", "a");
    assertThat(names(list("&limit=2&cursor=" + first.path("next").asText()))).containsExactly("b");

    JsonNode all = list("").path("items");
    assertThat(all.path(0).path("status").asText()).isEqualTo("running");
    assertThat(all.path(0).path("unknownCosts").asLong()).isEqualTo(1);
    assertThat(all.path(0).has("totalCost")).isFalse();
    assertThat(all.path(1).path("status").asText()).isEqualTo("completed");
    assertThat(all.path(1).path("totalCost").asText()).isEqualTo("0");
    assertThat(all.path(2).path("status").asText()).isEqualTo("failed");
    assertThat(all.path(2).path("errorMessage").asText()).isEqualTo("no sound");
    assertThat(all.path(2).path("steps").asInt()).isEqualTo(2);
    assertThat(all.path(2).path("totalCost").asText()).isEqualTo("0.06");
    assertThat(http.get("/api/v1/executions").status()).isEqualTo(400);
  }
}
