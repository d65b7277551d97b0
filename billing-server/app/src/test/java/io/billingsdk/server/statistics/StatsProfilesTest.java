package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles of applications, and events that fit none of them. */
@Tag("postgres")
class StatsProfilesTest {
  private static final String PROFILES = "/api/v1/statistics/profiles";

  @TempDir Path directory;

  private HttpTestbed http;
  private StatsClient client;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
    client = new StatsClient(http);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private Reply give(String file) {
    return http.send("POST", PROFILES, "{\"reason\":\"a test\",\"file\":" + file + "}");
  }

  @Test
  void profile_ofAnotherApplication_isInForceFromItsImportOn() {
    String session = client.session();
    assertThat(client.recordOfSession(session, "project_create", "{}").status()).isEqualTo(200);

    Reply given = give(ProfileReaderTest.QUIZ);
    assertThat(given.status()).as(given.body()).isEqualTo(200);

    answer(session, "{\"points\":7,\"topic\":\"art\",\"right\":true}");
    answer(session, "{\"points\":5,\"topic\":\"law\",\"right\":false}");
    answer(session, "{\"points\":2,\"right\":true}");
    JsonNode stats = client.stats(session);
    client.fields(stats, "answers", "mean", "topics");
    assertThat(stats.path("answers").asInt()).isEqualTo(3);
    assertThat(stats.path("mean").decimalValue()).isEqualByComparingTo("3");
    assertThat(stats.path("topics").toString()).isEqualTo("{\"art\":1,\"law\":1,\"unknown\":1}");
    Reply other = client.recordOfSession(session, "project_create", "{}");
    assertThat(other.status()).isEqualTo(400);
    assertThat(other.body()).contains("project_create", "answer");
    assertThat(http.get(PROFILES).json().path("items").findValuesAsText("profile"))
        .containsExactlyInAnyOrder("quiz", "audio");
  }

  private void answer(String session, String metadata) {
    Reply reply = client.recordOfSession(session, "answer", metadata);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }

  @Test
  void profile_withACounterOfAnUnknownEvent_isRefusedByItsPlace_andChangesNothing() {
    String wrong = ProfileReaderTest.QUIZ.replace("\"count\":\"answer\"}", "\"count\":\"anser\"}");

    Reply reply = give(wrong);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("file.counters.answers.count", "anser is none");
    assertThat(http.get(PROFILES).json().path("items").findValuesAsText("profile"))
        .containsExactlyInAnyOrder("media", "audio");
  }

  @Test
  void use_thatIsSentAgainWithItsKey_isCountedOnce_alsoAtTheLimit() {
    String guest = client.guest();
    for (int i = 0; i < 5; i++) {
      for (int repeat = 0; repeat < 2; repeat++) {
        Reply reply = upload(guest, "call-" + i);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      }
    }
    assertThat(uploads(guest)).isEqualTo(5);
    assertThat(upload(guest, "call-4").status()).as("counted before").isEqualTo(200);
    assertThat(upload(guest, "call-5").status()).isEqualTo(429);
    String other = client.guest();
    assertThat(upload(other, "call-0").status()).as("the key of another person").isEqualTo(200);
    assertThat(uploads(other)).isEqualTo(1);
  }

  private Reply upload(String guest, String key) {
    return http.send(
        "POST",
        "/usage/record",
        null,
        "{\"event_type\":\"file_upload\",\"metadata\":{\"size\":1}}",
        "X-Guest-ID",
        guest,
        "Idempotency-Key",
        key);
  }

  private int uploads(String guest) {
    return client.get("/usage/me", StatsClient.asGuest(guest)).path("total_files_uploaded").asInt();
  }

  @Test
  void reservation_whoseEventNeverCame_takesRoomUntilItsTime() throws SQLException {
    String guest = client.guest();
    for (int i = 0; i < 4; i++) {
      assertThat(upload(guest, "call-" + i).status()).isEqualTo(200);
    }
    String person = new TestTokens(http.secrets()).session(guest).substring("st-".length());
    http.world()
        .execute(
            "INSERT INTO statistics_reservation (record_id, counter, person, profile, at, amount,"
                + " expires_at) VALUES ('lost', 'files_uploaded', '"
                + person
                + "', 'audio', now(), 1, now() + interval '1 hour')");

    assertThat(upload(guest, "call-4").status()).isEqualTo(429);

    http.world().execute("UPDATE statistics_reservation SET expires_at = now()");
    assertThat(upload(guest, "call-4").status()).isEqualTo(200);
    assertThat(uploads(guest)).isEqualTo(5);
  }

  @Test
  void event_thatFitsNoPersonOrProfile_isInTheLedgerAndInNoCounter() throws SQLException {
    String guest = client.guest();
    String person = new TestTokens(http.secrets()).session(guest);
    String key = key();
    send(key, "audio", "file_upload", Person.session(UUID.randomUUID()), "{}");
    send(key, "audio", "file_upload", "st-nobody", "{}");
    send(key, "audio", "no_such_event", person, "{}");
    send(key, "video", "file_upload", person, "{}");
    send(key, "audio", "processing_complete", person, "{\"success\":\"perhaps\"}");
    assertThat(http.world().count("SELECT count(*) FROM usage_event")).isEqualTo(5);
    assertThat(http.world().count("SELECT count(*) FROM statistics_event")).isZero();

    send(key, "audio", "file_upload", person, "{\"processing_type\":\"split\",\"name\":\"x\"}");

    assertThat(uploads(guest)).isEqualTo(1);
    assertThat(
            http.world().count("SELECT count(*) FROM statistics_event WHERE fields LIKE '%name%'"))
        .as("what the profile does not know is not kept")
        .isZero();
  }

  private String key() {
    assertThat(http.send("POST", "/api/v1/apps", "{\"appId\":\"player\"}").status()).isEqualTo(201);
    return http.send("POST", "/api/v1/apps/player/keys", "{}").json().at("/key/keyId").asText();
  }

  private void send(String key, String module, String model, String session, String metadata) {
    Reply reply =
        http.send(
            "POST",
            "/api/v1/events",
            "{\"keyId\":\"%s\",\"module\":\"%s\",\"model\":\"%s\",\"usage\":3,\"session\":\"%s\",\"metadata\":%s,\"occurredAt\":\"%s\"}"
                .formatted(key, module, model, session, metadata, Instant.now()));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
  }
}
