package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule of advice, by records that come over HTTP and advice that is read over HTTP. */
@Tag("postgres")
class AdviceOverHttpTest {
  private static final String BASE = "/api/analytics";

  private static final String PRICES =
      """
      {"version":1,"prices":[{"provider":"acme","model":"acme-large","currency":"USD",
        "source":"test","checkedOn":"2026-01-01","prices":{
          "input_tokens":{"price":"10","per":"1m_tokens"},
          "cache_read_tokens":{"price":"1","per":"1m_tokens"},
          "output_tokens":{"price":"20","per":"1m_tokens"}}}]}
      """;

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

  private JsonNode post(String path, String body) {
    Reply reply = http.send("POST", path, http.writeToken(), body);
    assertThat(reply.status()).as(reply.body()).isBetween(200, 299);
    assertThat(reply.json().path("rejected").asInt()).as(reply.body()).isZero();
    return reply.json();
  }

  /** Calls of an operation, each with so many tokens and these fields in its metadata. */
  private void calls(String operation, int count, String model, int in, int out, String more) {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          """
          {"record_id":"a-%d","user_id":"ann","service":"openai","operation":"%s","quantity":%d,
           "unit":"tokens","started_at":"%s","metadata":{"model":"%s","prompt_tokens":%d,
           "completion_tokens":%d%s}}
          """
              .formatted(++number, operation, in + out, Instant.now(), model, in, out, more));
    }
    post(BASE + "/cost/records", "[" + String.join(",", records) + "]");
    http.makeCosts();
  }

  private List<JsonNode> advice(String type) {
    JsonNode rows = http.get(BASE + "/recommendations").json();
    List<JsonNode> found = new ArrayList<>();
    rows.forEach(
        row -> {
          if (row.path("type").asText().equals(type)) {
            found.add(row);
          }
        });
    return found;
  }

  private void requireOne(String type, String operation, String priority, String money) {
    List<JsonNode> found = advice(type);
    assertThat(found).as(type).hasSize(1);
    JsonNode row = found.get(0);
    assertThat(row.at("/data/operation").asText()).isEqualTo(operation);
    assertThat(row.path("priority").asText()).isEqualTo(priority);
    assertThat(new BigDecimal(row.path("money").asText())).isEqualByComparingTo(money);
  }

  private void importPrices() {
    JsonNode plan = post("/api/v1/prices/plan", "{\"file\":" + PRICES + "}");
    post(
        "/api/v1/prices/import",
        "{\"file\":%s,\"fingerprint\":\"%s\",\"accept\":[],\"reason\":\"new\"}"
            .formatted(PRICES, plan.path("fingerprint").asText()));
  }

  @Test
  void unusedCache_longPromptsWithoutOne_saysWhatACacheWouldSave() {
    importPrices();
    calls("ask", 10, "acme-large", 2_000, 500, "");
    assertThat(advice("unused_cache")).as("10 calls").isEmpty();
    calls("ask", 1, "acme-large", 2_000, 500, "");
    // 11 calls x 2,000 tokens x (10 - 1) USD for a million.
    requireOne("unused_cache", "ask", "medium", "0.198");
    calls("brief", 20, "acme-large", 1_024, 500, "");
    calls("no-price-of-a-cache", 20, "gpt-4", 2_000, 500, "");
    assertThat(advice("unused_cache")).hasSize(1);
  }

  @Test
  void dearShortAnswers_ofAModelWithACheaperSister_sayWhatItWouldSave() {
    calls("label", 11, "gpt-4", 100, 99, "");
    // 11 calls: 100 x 0.0285 + 99 x 0.058 USD for a thousand tokens.
    requireOne("dear_short_answers", "label", "medium", "0.094512");
    calls("long", 20, "gpt-4", 100, 100, "");
    calls("cheapest", 20, "gpt-3.5-turbo", 100, 99, "");
    assertThat(advice("dear_short_answers")).hasSize(1);
  }

  @Test
  void paidFailures_callsThatFailed_areTheirCosts() {
    calls("draw", 3, "gpt-4", 1_000, 0, "");
    assertThat(advice("paid_failures")).isEmpty();
    calls("draw", 2, "gpt-4", 1_000, 0, ",\"status\":\"failed\"");
    requireOne("paid_failures", "draw", "high", "0.06");
    assertThat(advice("paid_failures").get(0).at("/data/failures").asText()).isEqualTo("2");
  }

  @Test
  void paidRetries_callsThatRepeatOthers_areTheirCosts() {
    calls("draw", 3, "gpt-4", 1_000, 0, ",\"attempt\":1");
    assertThat(advice("paid_retries")).isEmpty();
    calls("draw", 1, "gpt-4", 1_000, 0, ",\"attempt\":2");
    calls("draw", 1, "gpt-4", 1_000, 0, ",\"attempt\":3");
    requireOne("paid_retries", "draw", "medium", "0.06");
    assertThat(advice("paid_retries").get(0).at("/data/retries").asText()).isEqualTo("2");
  }

  @Test
  void figuresOfAdvice_madeAgainFromTheCosts_areTheSame() throws Exception {
    calls("draw", 2, "gpt-4", 1_000, 10, ",\"attempt\":2,\"status\":\"failed\"");
    calls("draw", 2, "gpt-4", 1_000, 10, ",\"attempt\":\"1.5\",\"status\":\"success\"");
    String before = http.get(BASE + "/recommendations").body();
    assertThat(before).contains("paid_failures", "paid_retries");
    assertThat(RebuiltSums.in(http.world())).isPositive();
    assertThat(http.get(BASE + "/recommendations").body()).isEqualTo(before);
  }
}
