package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.http.EventLines;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a login, a repetition, an end and a near limit do; and figures that are pushed. */
@Tag("postgres")
class StatsRulesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MEGA = 1_048_576;

  @TempDir static Path directory;

  private static HttpTestbed http;
  private static StatsClient client;

  @BeforeAll
  static void start() {
    http = new HttpTestbed(directory);
    client = new StatsClient(http);
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static Reply upload(String[] who, long bytes) {
    return client.record(who, "file_upload", "{\"size\":" + bytes + "}");
  }

  private static void link(String method, String user, String guest) {
    Reply reply =
        http.send(
            method,
            "/usage/link",
            null,
            null,
            "Authorization",
            "Bearer " + user,
            "X-Guest-ID",
            guest);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }

  @Test
  void guest_whoHasLoggedIn_hasTheLimitOfTheUserToo_untilItIsTakenBack() {
    String user = client.user("rich");
    String guest = client.guest();
    assertThat(upload(StatsClient.asUser(user), 1_000 * MEGA).status()).isEqualTo(200);
    assertThat(upload(StatsClient.asGuest(guest), 1).status()).isEqualTo(200);

    link("POST", user, guest);
    Reply refused = upload(StatsClient.asGuest(guest), 1);
    assertThat(refused.status()).as(refused.body()).isEqualTo(429);
    assertThat(refused.body()).contains("storage_mb");
    JsonNode limit = client.get("/usage/limits", StatsClient.asGuest(guest)).path("storage_mb");
    assertThat(limit.path("within_limit").asBoolean()).isFalse();
    assertThat(limit.path("limit").asInt()).as("the nearer one").isEqualTo(1_000);

    link("DELETE", user, guest);
    assertThat(upload(StatsClient.asGuest(guest), 1).status()).isEqualTo(200);
  }

  @Test
  void limit_thatIsNear_isSaidOnceOfAUser_andNeverOfAGuest() throws SQLException {
    String user = client.user("near");
    assertThat(upload(StatsClient.asUser(user), 799 * MEGA).status()).isEqualTo(200);
    assertThat(notices(user)).isZero();
    Reply near = upload(StatsClient.asUser(user), MEGA);
    assertThat(near.header("Billing-Near-Limit")).contains("storage_mb");
    assertThat(upload(StatsClient.asUser(user), MEGA).status()).isEqualTo(200);
    assertThat(notices(user)).isEqualTo(1);
    assertThat(
            http.world()
                .count(
                    "SELECT count(*) FROM outbox_event WHERE kind = 'usage.limit_near' AND payload"
                        + " @> '{\"limitName\":\"storage_mb\",\"used\":\"800\",\"limit\":\"1000\"}'"))
        .isEqualTo(1);

    String guest = client.guest();
    assertThat(upload(StatsClient.asGuest(guest), 49 * MEGA).header("Billing-Near-Limit"))
        .contains("storage_mb");
    assertThat(notices(guest)).isZero();
  }

  private static long notices(String token) throws SQLException {
    String person = new TestTokens(http.secrets()).session(token);
    return http.world()
        .count("SELECT count(*) FROM outbox_event WHERE subject = 'statistics/" + person + "'");
  }

  @Test
  void key_ofAnotherUse_isAConflict_andTheSameUseSentAtOnceIsCountedOnce() throws Exception {
    String guest = client.guest();
    for (int round = 0; round < 4; round++) {
      String key = "round-" + round;
      ExecutorService threads = Executors.newFixedThreadPool(3);
      List<Callable<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        calls.add(() -> keyed(guest, key, 7));
      }
      for (Future<Integer> each : threads.invokeAll(calls)) {
        assertThat(each.get()).isEqualTo(200);
      }
      threads.shutdown();
    }
    assertThat(keyed(guest, "round-0", 8)).as("another size").isEqualTo(409);
    assertThat(keyed(guest, "round-0", 7)).isEqualTo(200);
    assertThat(
            client
                .get("/usage/me", StatsClient.asGuest(guest))
                .path("total_files_uploaded")
                .asInt())
        .isEqualTo(4);
    // The fifth and last of a guest's day: its own room does not stand in its way.
    assertThat(keyed(guest, "last", 1)).isEqualTo(200);
    assertThat(keyed(guest, "last", 1)).isEqualTo(200);
    assertThat(keyed(guest, "beyond", 1)).isEqualTo(429);
  }

  private static int keyed(String guest, String key, int size) {
    return http.send(
            "POST",
            "/usage/record",
            null,
            "{\"event_type\":\"file_upload\",\"metadata\":{\"size\":" + size + "}}",
            "X-Guest-ID",
            guest,
            "Idempotency-Key",
            key)
        .status();
  }

  @Test
  void upkeep_forgetsWhoEndedAndNeverUsedAnything_andNobodyElse() throws SQLException {
    TestTokens tokens = new TestTokens(http.secrets());
    String unused = client.guest();
    String used = client.guest();
    String linked = client.guest();
    link("POST", client.user("friend"), linked);
    assertThat(upload(StatsClient.asGuest(used), 1).status()).isEqualTo(200);

    upkeep(Duration.ofDays(366 + 29));
    assertThat(isThere(tokens.session(unused))).as("a month has not passed").isTrue();
    upkeep(Duration.ofDays(366 + 31));

    assertThat(isThere(tokens.session(unused))).isFalse();
    assertThat(isThere(tokens.session(used))).isTrue();
    assertThat(isThere(tokens.session(linked))).isTrue();
  }

  private static void upkeep(Duration later) {
    // A day less than a year and a month would be within a minute of what it asks.
    InstantSource clock =
        InstantSource.fixed(Instant.now().plus(later).minus(Duration.ofHours(25)));
    new StatisticsUpkeep(http.database(), clock).run();
  }

  private static boolean isThere(String session) throws SQLException {
    String id = session.substring("st-".length());
    return http.world().count("SELECT count(*) FROM statistics_person WHERE person = '" + id + "'")
        == 1;
  }

  @Test
  void live_pushesEachChange_andEndsWithTheToken() throws IOException {
    String session = client.session();
    long slowest = 0;
    try (EventLines lines = http.open("/api/usage/live?session_id=" + session)) {
      assertThat(lines.status()).isEqualTo(200);
      assertThat(projects(lines)).isZero();
      for (int i = 1; i <= 2; i++) {
        long began = System.nanoTime();
        assertThat(client.recordOfSession(session, "project_create", "{}").status()).isEqualTo(200);
        assertThat(projects(lines)).isEqualTo(i);
        slowest = Math.max(slowest, System.nanoTime() - began);
      }
      end(session);
      assertThat(lines.next("data:")).startsWith(": it ends:").contains("erased");
    }
    try (EventLines refused = http.open("/api/usage/live?session_id=" + session)) {
      assertThat(refused.status()).isEqualTo(401);
    }
    assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(5));
    Proof.of("live-stats")
        .with("changes", 2)
        .with("slowest_ms", Duration.ofNanos(slowest).toMillis())
        .with("target", "<5000ms")
        .print();
  }

  private static int projects(EventLines lines) throws IOException {
    String data = lines.next("data:").substring("data:".length());
    return JSON.readTree(data).at("/stats/projects/total").asInt();
  }

  /** As an erasure does it. */
  private static void end(String session) {
    String id = new TestTokens(http.secrets()).session(session).substring("st-".length());
    http.database()
        .useTransaction(handle -> PersonRows.erase(handle, UUID.fromString(id), Instant.now()));
  }
}
