package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many rejected events that are taken in again by requests for a page each. */
@Tag("postgres")
class BatchReplayRoutesTest {
  private static final String REPLAY = "/api/v1/rejected/replay";
  private static final UUID STREAM = UUID.randomUUID();
  private static final Duration AHEAD = Duration.ofHours(25);

  private final Instant used = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void start() throws Exception {
    http = new HttpTestbed(directory);
    KeyAdmin keys = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    for (String app : List.of("acme", "beta")) {
      keys.createApp(app, app);
      keys.importKey("k_" + app, "sk-" + app, app, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private void reject(long seq, String instance, String key, String code, String usage, Instant at)
      throws SQLException {
    http.world()
        .execute(
            """
            INSERT INTO rejected_event (stream, seq, instance, code, detail, content) VALUES
              ('%s', %d, '%s', '%s', 'd', json_build_object('ts', %d, 'key_id', '%s', 'module',
              'llm', 'model', 'm', 'usage', %s)::text)
            """
                .formatted(STREAM, seq, instance, code, at.toEpochMilli(), key, usage));
  }

  private void rejectAhead(int events) throws SQLException {
    for (int seq = 1; seq <= events; seq++) {
      String app = seq % 2 == 0 ? "k_acme" : "k_beta";
      reject(seq, "gateway-1", app, "IN_FUTURE", "2", used.plus(AHEAD));
    }
  }

  private JsonNode replay(String body) {
    Reply reply = http.send("POST", REPLAY, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private long counted() throws SQLException {
    return http.world().count("SELECT count(*) FROM usage_event");
  }

  @Test
  void replay_withTheOffsetOfTheClock_storesEach_withItsTrueTime_pageByPage() throws Exception {
    rejectAhead(7);

    List<String> statuses = new ArrayList<>();
    String cursor = "";
    int requests = 0;
    do {
      JsonNode page =
          replay("{\"occurredAtOffsetSeconds\":-90000,\"limit\":3%s}".formatted(cursor));
      page.path("results").forEach(each -> statuses.add(each.path("status").asText()));
      for (JsonNode each : page.path("results")) {
        assertThat(Instant.parse(each.path("occurredAt").asText())).isEqualTo(used);
      }
      requests++;
      cursor = page.has("next") ? ",\"cursor\":\"" + page.path("next").asText() + "\"" : "";
    } while (!cursor.isEmpty());

    assertThat(requests).isEqualTo(3);
    assertThat(statuses).hasSize(7).containsOnly("stored");
    assertThat(
            http.world()
                .count(
                    "SELECT count(*) FROM usage_event WHERE occurred_at = '"
                        + used
                        + "' AND stream_id = (SELECT stream_id FROM stream WHERE uuid = '"
                        + STREAM
                        + "')"))
        .isEqualTo(7);
    assertThat(http.world().count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(14);
    assertThat(http.get("/api/v1/rejected?replayed=false").json().path("items")).isEmpty();
    JsonNode entry = http.get("/api/v1/audit").json().at("/items/0");
    assertThat(entry.path("action").asText()).isEqualTo("rejected.replay");
    assertThat(entry.at("/after/offsetMillis").asLong()).isEqualTo(-AHEAD.toMillis());
    assertThat(
            http.world().count("SELECT count(*) FROM audit_log WHERE action = 'rejected.replay'"))
        .isEqualTo(7);
    assertThat(replay("{}").path("looked").asInt()).as("nothing is left").isZero();
  }

  @Test
  void replay_dry_saysWhatWouldHappen_andChangesNothing() throws Exception {
    rejectAhead(4);

    JsonNode dry = replay("{\"occurredAtOffsetSeconds\":-90000,\"dryRun\":true}");

    assertThat(dry.path("dryRun").asBoolean()).isTrue();
    assertThat(dry.path("stored").asInt()).isEqualTo(4);
    assertThat(counted()).isZero();
    assertThat(http.world().count("SELECT count(*) FROM replay")).isZero();
    assertThat(http.world().count("SELECT count(*) FROM event_identity")).isZero();
    assertThat(replay("{\"occurredAtOffsetSeconds\":-90000}").path("stored").asInt()).isEqualTo(4);
  }

  @Test
  void replay_asTheyWereKept_saysWhyTheyAreStillRefused_andLeavesThem() throws Exception {
    rejectAhead(2);
    http.world()
        .execute(
            "INSERT INTO rejected_event (seq, code, detail, content) VALUES (0, 'MALFORMED', 'd',"
                + " '12 bytes')");

    JsonNode still = replay("{}");

    assertThat(still.path("rejected").asInt()).isEqualTo(3);
    assertThat(still.at("/results/0/code").asText()).isEqualTo("IN_FUTURE");
    assertThat(still.at("/results/0/detail").asText()).contains("24 hours");
    assertThat(still.at("/results/2/code").asText()).isEqualTo("NOT_REPLAYABLE");
    assertThat(still.at("/results/2").has("stream")).isFalse();
    assertThat(http.get("/api/v1/rejected?replayed=false").json().path("items")).hasSize(3);
    assertThat(counted()).isZero();
  }

  @Test
  void replay_withAFilter_leavesTheOthers() throws Exception {
    rejectAhead(4);
    reject(11, "gateway-2", "k_acme", "TOO_OLD", "3", used);
    reject(12, "gateway-2", "k_none", "NOT_STORABLE", "3", used);

    assertThat(replay("{\"instance\":\"gateway-9\"}").path("looked").asInt()).isZero();
    assertThat(replay("{\"stream\":\"%s\"}".formatted(UUID.randomUUID())).path("looked").asInt())
        .isZero();
    assertThat(replay("{\"receivedTo\":\"2026-01-01T00:00:00Z\"}").path("looked").asInt()).isZero();
    assertThat(
            replay("{\"receivedFrom\":\"2020-01-01T00:00:00Z\",\"code\":\"TOO_OLD\"}")
                .path("stored")
                .asInt())
        .isEqualTo(1);
    JsonNode acme = replay("{\"appId\":\"acme\",\"occurredAtOffsetSeconds\":-90000}");
    assertThat(acme.path("looked").asInt()).isEqualTo(5);
    assertThat(acme.path("stored").asInt()).isEqualTo(2);
    assertThat(
            http.world()
                .count("SELECT count(*) FROM usage_event WHERE app_id IS DISTINCT FROM 'acme'"))
        .isZero();
    assertThat(replay("{\"instance\":\"gateway-2\"}").path("stored").asInt()).isEqualTo(1);
    assertThat(http.get("/api/v1/rejected?replayed=false").json().path("items")).hasSize(2);
  }

  /** One value that the database refuses must not keep the others of its page out. */
  @Test
  void replay_withOneThatTheDatabaseRefuses_storesTheOthers() throws Exception {
    rejectAhead(5);
    http.world()
        .execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.seq = 3 THEN RAISE EXCEPTION 'no' USING ERRCODE = '22003'; END IF;
              RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON event_identity FOR EACH ROW
              EXECUTE FUNCTION refuse()
            """);

    JsonNode page = replay("{\"occurredAtOffsetSeconds\":-90000}");

    assertThat(page.path("stored").asInt()).isEqualTo(4);
    assertThat(page.at("/results/2/code").asText()).isEqualTo("NOT_STORABLE");
    assertThat(http.get("/api/v1/rejected?replayed=false").json().path("items")).hasSize(1);
  }

  @Test
  void replay_ofWhatIsCountedAlready_isADuplicate_andMarked() throws Exception {
    rejectAhead(1);
    reject(1, "gateway-1", "k_beta", "TOO_OLD", "2", used.plus(AHEAD));

    JsonNode page = replay("{\"occurredAtOffsetSeconds\":-90000}");

    assertThat(page.path("stored").asInt()).isEqualTo(1);
    assertThat(page.path("duplicates").asInt()).isEqualTo(1);
    assertThat(counted()).isEqualTo(1);
    assertThat(http.get("/api/v1/rejected?replayed=false").json().path("items")).isEmpty();
  }

  @Test
  void replay_withABadField_namesIt() {
    assertThat(field("{\"code\":\"too old\"}")).isEqualTo("code");
    assertThat(field("{\"limit\":501}")).isEqualTo("limit");
    assertThat(field("{\"limit\":0}")).isEqualTo("limit");
    assertThat(field("{\"stream\":\"x\"}")).isEqualTo("stream");
    assertThat(field("{\"receivedFrom\":\"yesterday\"}")).isEqualTo("receivedFrom");
    assertThat(field("{\"occurredAtOffsetSeconds\":34560001}"))
        .isEqualTo("occurredAtOffsetSeconds");
    assertThat(field("{\"occurredAtOffsetSeconds\":0.5}")).isEqualTo("occurredAtOffsetSeconds");
    assertThat(field("{\"cursor\":\"bm8\"}")).isEqualTo("cursor");
    assertThat(field("{\"dryrun\":true}")).isEqualTo("dryrun");
    assertThat(http.send("POST", REPLAY, "{\"appId\":\"nobody\"}").status()).isEqualTo(404);
  }

  private String field(String body) {
    Reply refused = http.send("POST", REPLAY, body);
    assertThat(refused.status()).as(body).isEqualTo(400);
    return refused.json().path("field").asText();
  }
}
