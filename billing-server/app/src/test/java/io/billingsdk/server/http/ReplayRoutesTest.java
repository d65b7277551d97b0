package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that were rejected over HTTP, and taken in again. */
@Tag("postgres")
class ReplayRoutesTest {
  private static final String EVENTS = "/api/v1/events";

  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void start() throws Exception {
    http = new HttpTestbed(directory);
    KeyAdmin keys = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    keys.createApp("acme", "acme");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private static String event(String usage, Instant at) {
    return """
    {"keyId":"k_1","module":"llm","model":"m","usage":%s,"occurredAt":"%s"}
    """
        .formatted(usage, at);
  }

  /** Has an event rejected; the path of its replay. */
  private String rejected(String event) {
    assertThat(http.send("POST", EVENTS, event).status()).isEqualTo(400);
    JsonNode latest = http.get("/api/v1/rejected").json().at("/items/0");
    return "/api/v1/rejected/" + latest.path("id") + "/replay";
  }

  private Reply replay(String path, String body) {
    return http.send("POST", path, body);
  }

  /** As docs/http-api.md tells it: the hash is its idempotency key. */
  @Test
  void conflictingEvent_sentAsOneOfItsOwn_isCountedOnce() throws Exception {
    LedgerRows.addTo(http.world());
    http.world()
        .execute(
            """
            INSERT INTO conflicting_event (stream_id, seq, hash, content)
            VALUES (1, 900, '\\x0102', json_build_object('ts', %d, 'key_id', 'k_1',
              'module', 'llm', 'model', 'm', 'usage', 7))
            """
                .formatted(Instant.now().toEpochMilli()));
    JsonNode shown = null;
    for (JsonNode each : http.get("/api/v1/conflicting").json().path("items")) {
      shown = each.path("seq").asLong() == 900 ? each : shown;
    }
    JsonNode kept =
        new ObjectMapper().readTree(Objects.requireNonNull(shown).path("content").asText());
    String own =
        """
        {"keyId":"%s","module":"%s","model":"%s","usage":%s,"occurredAt":"%s",
         "idempotencyKey":"%s"}
        """
            .formatted(
                kept.path("key_id").asText(),
                kept.path("module").asText(),
                kept.path("model").asText(),
                kept.path("usage"),
                Instant.ofEpochMilli(kept.path("ts").asLong()),
                shown.path("hash").asText());
    String before = usage();

    assertThat(http.send("POST", EVENTS, own).json().path("status").asText()).isEqualTo("stored");
    assertThat(http.send("POST", EVENTS, own).json().path("status").asText())
        .isEqualTo("duplicate");
    assertThat(before).isEqualTo("0");
    assertThat(usage()).isEqualTo("7");
  }

  private String usage() throws Exception {
    return Long.toString(
        http.world().count("SELECT coalesce(sum(usage), 0) FROM usage_event WHERE key_id = 'k_1'"));
  }

  @Test
  void replay_withAnotherEvent_isStored_underItsIdentity_andShownAsReplayed() throws Exception {
    Instant at = Instant.now();
    String path = rejected(event("-1", at));
    JsonNode before = http.get("/api/v1/rejected?replayed=false").json().at("/items/0");

    Reply stored = replay(path, event("3", at));

    assertThat(stored.status()).as(stored.body()).isEqualTo(200);
    assertThat(stored.json().path("status").asText()).isEqualTo("stored");
    JsonNode counted = http.get(EVENTS).json().at("/items/0");
    assertThat(counted.path("stream")).isEqualTo(before.path("stream"));
    assertThat(counted.path("seq")).isEqualTo(before.path("seq"));
    assertThat(counted.path("appId").asText()).isEqualTo("acme");
    assertThat(http.get("/api/v1/rejected?replayed=false").json().path("items")).isEmpty();
    assertThat(http.get("/api/v1/rejected?replayed=true").json().at("/items/0").has("replayedAt"))
        .isTrue();
    JsonNode entry = http.get("/api/v1/audit").json().at("/items/0");
    assertThat(entry.path("action").asText()).isEqualTo("rejected.replay");
    assertThat(entry.path("actor").asText()).isEqualTo("tester");
    assertThat(entry.at("/after/outcome").asText()).isEqualTo("stored");

    assertThat(replay(path, event("3", at)).json().path("status").asText()).isEqualTo("duplicate");
    Reply other = replay(path, event("4", at));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().path("field").asText()).isEqualTo("id");
    assertThat(http.world().count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(3);
  }

  @Test
  void replay_asItWasKept_ofWhatIsStillWrong_saysWhy_andTheEventStays() {
    String path = rejected(event("1", Instant.now().plus(Duration.ofDays(3))));

    Reply still = replay(path, "");

    assertThat(still.status()).as(still.body()).isEqualTo(422);
    assertThat(still.json().path("type").asText()).isEqualTo("/problems/not-replayable");
    assertThat(still.json().path("detail").asText()).contains("IN_FUTURE", "24 hours");
    assertThat(still.json().path("field").asText()).isEqualTo("body");
    assertThat(http.get("/api/v1/rejected?replayed=false").json().path("items")).hasSize(1);
  }

  @Test
  void replay_withAnotherEventThatIsWrongToo_namesItsField() {
    String path = rejected(event("-1", Instant.now()));

    Reply wrong = replay(path, event("-2", Instant.now()));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.json().path("type").asText()).isEqualTo("/problems/event-rejected");
    assertThat(wrong.json().path("field").asText()).isEqualTo("usage");

    Reply timeless =
        replay(path, "{\"keyId\":\"k_1\",\"module\":\"llm\",\"model\":\"m\",\"usage\":1}");
    assertThat(timeless.status()).isEqualTo(400);
    assertThat(timeless.json().path("field").asText()).isEqualTo("occurredAt");
    assertThat(http.get("/api/v1/rejected").json().path("items")).hasSize(1);
  }

  @Test
  void replay_ofWhatTheKeyWasTakenOut_isNotPossibleAsItWasKept() {
    String path = rejected("{\"apiKey\":\"sk-1\",\"colour\":1}");

    Reply masked = replay(path, "");

    assertThat(masked.status()).isEqualTo(422);
    assertThat(masked.json().path("detail").asText()).contains("key", "not kept");
  }

  @Test
  void replay_ofWhatIsNot_isNotFound() {
    assertThat(replay("/api/v1/rejected/4711/replay", "").status()).isEqualTo(404);
    assertThat(replay("/api/v1/rejected/x/replay", "").json().path("field").asText())
        .isEqualTo("id");
    assertThat(http.get("/api/v1/rejected?replayed=perhaps").status()).isEqualTo(400);
  }

  @Test
  void replay_sentAgainWithItsKey_hasTheSameAnswer() {
    Instant at = Instant.now();
    String path = rejected(event("-1", at));
    String[] key = {"Idempotency-Key", "replay-1"};

    Reply first = http.send("POST", path, http.writeToken(), event("3", at), key);
    Reply again = http.send("POST", path, http.writeToken(), event("3", at), key);

    assertThat(first.json().path("status").asText()).isEqualTo("stored");
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.header("Idempotent-Replayed")).hasValue("true");
  }
}
