package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the ledger is asked over HTTP. */
@Tag("postgres")
class LedgerRoutesTest {
  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    LedgerRows.addTo(http.world());
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private JsonNode get(String path) {
    Reply reply = http.get("/api/v1" + path);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  @Test
  void instance_withItsCounts_isInBalance() {
    JsonNode instances = get("/instances").path("items");
    assertThat(instances).hasSize(1);
    JsonNode one = instances.get(0);
    assertThat(one.path("instance").asText()).isEqualTo("gateway-1");
    assertThat(one.path("stream").asText()).isEqualTo(LedgerRows.STREAM);
    assertThat(one.at("/loss/accepted").asLong()).isEqualTo(10);
    assertThat(one.at("/loss/deadLettered").asLong()).isEqualTo(1);
    assertThat(one.at("/loss/balanced").asBoolean()).isTrue();
  }

  @Test
  void instance_whoseSumIsWrong_isNotInBalance() throws SQLException {
    http.world().execute("UPDATE stream_hello SET pending = 3");
    assertThat(get("/instances").at("/items/0/loss/balanced").asBoolean(true)).isFalse();
  }

  @Test
  void stream_withAGap_namesIt() {
    JsonNode stream = get("/streams/" + LedgerRows.STREAM);
    assertThat(stream.path("complete").asBoolean(true)).isFalse();
    assertThat(stream.path("state").asText()).isEqualTo("incomplete");
    assertThat(stream.path("origin").asText()).isEqualTo("v2");
    assertThat(stream.path("sdkVersion").asText()).isEqualTo("0.1");
    assertThat(stream.at("/gaps/0").toString()).isEqualTo("{\"first\":4,\"last\":5}");
    assertThat(stream.path("refused").asLong()).isEqualTo(1);
    assertThat(stream.path("stored").asLong()).isEqualTo(7);
    assertThat(stream.path("reported").asLong()).isEqualTo(10);
    assertThat(get("/streams").at("/items/0")).isEqualTo(stream);
  }

  @Test
  void rejected_areTheLatestFirst_andByTheirCode() {
    assertThat(get("/rejected").path("items")).hasSize(2);
    assertThat(get("/rejected").at("/items/0/code").asText()).isEqualTo("MALFORMED");
    JsonNode old = get("/rejected?code=TOO_OLD").path("items");
    assertThat(old).hasSize(1);
    assertThat(old.get(0).path("detail").asText()).isEqualTo("of 2001");
  }

  @Test
  void rejected_byInstanceStreamAndTime_areThoseThatFit() {
    JsonNode old = get("/rejected?code=TOO_OLD").at("/items/0");
    assertThat(get("/rejected/" + old.path("id").asLong())).isEqualTo(old);
    assertThat(http.get("/api/v1/rejected/999999").status()).isEqualTo(404);
    assertThat(http.get("/api/v1/rejected/x").status()).isEqualTo(400);
    assertThat(count("/rejected?stream=" + old.path("stream").asText())).isEqualTo(1);
    assertThat(count("/rejected?instance=nobody")).isZero();
    String received = old.path("receivedAt").asText();
    assertThat(count("/rejected?code=TOO_OLD&receivedFrom=" + received)).isEqualTo(1);
    assertThat(count("/rejected?code=TOO_OLD&receivedTo=" + received)).isZero();
    assertThat(http.get("/api/v1/rejected?receivedFrom=soon").status()).isEqualTo(400);
    assertThat(http.get("/api/v1/rejected?stream=1-1-1-1-1").status()).isEqualTo(400);
  }

  @Test
  void conflicting_byStreamInstanceAndTime_areThoseThatFit() {
    JsonNode first = get("/conflicting").at("/items/0");
    assertThat(count("/conflicting?stream=" + first.path("stream").asText())).isPositive();
    assertThat(count("/conflicting?stream=6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11")).isZero();
    assertThat(count("/conflicting?instance=nobody")).isZero();
    assertThat(count("/conflicting?receivedTo=2000-01-01T00:00:00Z")).isZero();
    assertThat(count("/conflicting?receivedFrom=2000-01-01T00:00:00Z")).isEqualTo(3);
  }

  @Test
  void audit_byActorActionSubjectAndTime_areThoseThatFit() {
    http.send("POST", "/api/v1/apps", "{\"appId\":\"acme\"}");
    JsonNode made = get("/audit?action=app.create").at("/items/0");
    assertThat(made.path("subject").asText()).isEqualTo("acme");
    assertThat(count("/audit?subject=acme&actor=tester&action=app.")).isEqualTo(1);
    assertThat(count("/audit?action=app")).isZero();
    assertThat(count("/audit?action=key.")).isZero();
    assertThat(count("/audit?actor=nobody")).isZero();
    String at = made.path("at").asText();
    assertThat(count("/audit?subject=acme&from=" + at)).isEqualTo(1);
    assertThat(count("/audit?subject=acme&to=" + at)).isZero();
  }

  private int count(String path) {
    return get(path).path("items").size();
  }

  @ParameterizedTest
  @CsvSource({"/rejected,2", "/conflicting,3", "/streams,2", "/unattributed,2", "/audit,3"})
  void lists_oneItemAtATime_giveEachOnce(String path, int items) {
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = get(path + "?limit=1" + cursor);
      assertThat(page.path("items")).hasSize(1);
      seen.add(page.at("/items/0").toString());
      cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
    } while (!cursor.isEmpty());
    assertThat(seen).hasSize(items).doesNotHaveDuplicates();
  }

  @Test
  void unattributed_givenToAnApp_areItsFromThenOn_onceAndInTheLog() throws SQLException {
    JsonNode lost = get("/unattributed").path("items");
    assertThat(lost.toString()).contains("\"usage\":\"0.3\"", "\"usage\":\"7\"", "\"events\":3");
    http.send("POST", "/api/v1/apps", "{\"appId\":\"acme\"}");
    String body = "{\"appId\":\"acme\",\"named\":\"k_lost\",\"reason\":\"made too late\"}";
    Reply first = http.send("POST", "/api/v1/unattributed/attribute", body);
    assertThat(first.json().path("attributed").asLong()).as(first.body()).isEqualTo(3);
    Reply again = http.send("POST", "/api/v1/unattributed/attribute", body);
    assertThat(again.json().path("attributed").asLong()).isZero();
    assertThat(get("/unattributed").path("items")).hasSize(1);
    assertThat(
            http.world()
                .count("SELECT coalesce(sum(events), 0) FROM usage_rollup WHERE app_id = 'acme'"))
        .isEqualTo(3);
    JsonNode entry = get("/audit").at("/items/1");
    assertThat(entry.path("action").asText()).isEqualTo("usage.attribute");
    assertThat(entry.path("actor").asText()).isEqualTo("tester");
    assertThat(entry.at("/after/attributed").asLong()).isEqualTo(3);
  }
}
