package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events in any order, repeated, late and corrected: each figure of each person is the sum over the
 * rows that the ledger has, which is made here by SQL over the ledger alone.
 */
@Tag("postgres")
class StatsEqualLedgerTest {
  private static final int RELEASE = 50_000;
  private static final int EVENTS = "release".equals(System.getProperty("size")) ? RELEASE : 4_000;
  private static final int BATCH = 500;

  /** Users and guests; and as many sessions. */
  private static final int PEOPLE = 8;

  private static final String WRONG_QUARTERS =
      """
      SELECT count(*) FROM statistics_total t
      FULL JOIN (SELECT person, profile, counter, label, sum(amount) AS amount
        FROM statistics_quarter GROUP BY 1, 2, 3, 4) q USING (person, profile, counter, label)
      WHERE t.amount IS DISTINCT FROM q.amount
      """;

  @TempDir Path directory;

  private final long seed = Long.getLong("stats.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, String> tokens = new TreeMap<>();
  private final Map<String, String> sessions = new TreeMap<>();
  private final List<String> ids = new ArrayList<>();
  private HttpTestbed http;
  private StatsClient client;

  @BeforeEach
  void start() {
    System.out.println("stats-equal-ledger seed=" + seed);
    http = new HttpTestbed(directory);
    client = new StatsClient(http);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private Reply post(String path, String body) {
    Reply reply = http.send("POST", path, body);
    assertThat(reply.status()).as(reply.body()).isBetween(200, 299);
    return reply;
  }

  private String key() {
    post("/api/v1/apps", "{\"appId\":\"player\"}");
    return post("/api/v1/apps/player/keys", "{}").json().at("/key/keyId").asText();
  }

  private String event(String key, int number, Instant now, List<String> people) {
    String id = "e-" + number;
    ids.add(id);
    Instant at =
        now.minusSeconds(
            random.nextInt(3) == 0 ? random.nextInt(50 * 86_400) : random.nextInt(900));
    String person = people.get(random.nextInt(people.size()));
    boolean isOfMedia = sessions.containsKey(person);
    return "{\"keyId\":\"%s\",\"module\":\"%s\",\"session\":\"%s\",\"occurredAt\":\"%s\",\"idempotencyKey\":\"%s\",%s}"
        .formatted(
            key,
            isOfMedia ? "media" : "audio",
            person,
            at,
            id,
            isOfMedia ? mediaShape(id) : audioShape(id));
  }

  private String size() {
    return new BigDecimal(random.nextInt(1, 90_000_000))
        .movePointLeft(random.nextInt(3))
        .toPlainString();
  }

  private static String shape(String model, String usage, String id, String more) {
    return "\"model\":\"%s\",\"usage\":\"%s\",\"metadata\":{\"record_id\":\"%s\"%s}"
        .formatted(model, usage, id, more);
  }

  private String success() {
    return ",\"success\":" + (random.nextInt(4) > 0);
  }

  private String audioShape(String id) {
    return switch (random.nextInt(6)) {
      case 0, 1 ->
          shape("file_upload", size(), id, ",\"processing_type\":\"t" + random.nextInt(4) + "\"");
      case 2, 3 ->
          shape(
              "processing_complete",
              size(),
              id,
              success() + ",\"output_file_size\":" + random.nextInt(9_999));
      case 4 -> shape("file_download", "1", id, "");
      default -> shape("api_call", "1", id, "");
    };
  }

  private String mediaShape(String id) {
    return switch (random.nextInt(7)) {
      case 0, 1 ->
          shape(
              "file_upload",
              size(),
              id,
              ",\"kind\":\"%s\",\"type\":\"t%d\""
                  .formatted(random.nextBoolean() ? "audio" : "image", random.nextInt(4)));
      case 2 -> shape("project_create", "1", id, "");
      case 3 -> shape("project_file", "1", id, "");
      case 4 -> shape("project_time", size(), id, "");
      case 5 -> shape("export", size(), id, success());
      default -> shape("ai_subtitle", size(), id, success());
    };
  }

  @Test
  void figures_ofEventsInAnyOrder_repeatedLateAndCorrected_areTheSumsOfTheLedger() {
    TestTokens signed = new TestTokens(http.secrets());
    for (int i = 0; i < PEOPLE; i++) {
      String token = i % 2 == 0 ? client.guest() : client.user("user-" + i);
      tokens.put(signed.session(token), token);
      String session = client.session();
      sessions.put(signed.session(session), session);
    }
    String key = key();
    int duplicates = send(key);
    int corrections = correct(EVENTS / 40);

    Map<String, LedgerFigures> ledger = LedgerFigures.of(http.database());
    int figures = 0;
    for (Map.Entry<String, String> each : tokens.entrySet()) {
      figures += compare(each.getValue(), ledger.getOrDefault(each.getKey(), LedgerFigures.none()));
    }
    for (Map.Entry<String, String> each : sessions.entrySet()) {
      JsonNode stats = client.stats(each.getValue());
      LedgerFigures expected = ledger.getOrDefault(each.getKey(), LedgerFigures.none());
      figures += same(stats, expected.media(), "sessions.");
    }
    assertThat(number(WRONG_QUARTERS)).as("quarters that are not the whole").isZero();
    Proof.sized("stats-equal-ledger", EVENTS, RELEASE)
        .with("events", EVENTS)
        .with("duplicates", duplicates)
        .with("corrections", corrections)
        .with("users_and_guests", tokens.size())
        .with("sessions", sessions.size())
        .with("figures", figures)
        .with("wrong", 0)
        .with("seed", seed)
        .print();
  }

  private int send(String key) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofMinutes(1));
    List<String> people = new ArrayList<>(tokens.keySet());
    people.addAll(sessions.keySet());
    List<String> all = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      all.add(event(key, i, now, people));
    }
    List<String> repeated = new ArrayList<>(all);
    for (int i = 0; i < EVENTS / 8; i++) {
      repeated.add(all.get(random.nextInt(all.size())));
    }
    Collections.shuffle(repeated, random);
    int duplicates = 0;
    for (int from = 0; from < repeated.size(); from += BATCH) {
      List<String> batch = repeated.subList(from, Math.min(from + BATCH, repeated.size()));
      JsonNode answer =
          post("/api/v1/events/batch", "{\"events\":[" + String.join(",", batch) + "]}").json();
      assertThat(answer.path("rejected").asInt()).as(answer.toString()).isZero();
      duplicates += answer.path("duplicates").asInt();
    }
    assertThat(duplicates).isEqualTo(EVENTS / 8);
    return duplicates;
  }

  /** Some of them twice. */
  private int correct(int count) {
    for (int i = 0; i < count; i++) {
      String id = ids.get(random.nextInt(i % 3 == 0 ? 20 : ids.size()));
      BigDecimal usage = BigDecimal.valueOf(random.nextInt(1_000_000));
      String event =
          http.database()
              .read(
                  handle ->
                      handle
                          .createQuery(
                              "SELECT '\"stream\":\"' || s.uuid || '\",\"seq\":' || e.seq ||"
                                  + " ',\"occurredAt\":\"' || to_char(e.occurred_at,"
                                  + " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') || '\"' AS event"
                                  + " FROM usage_event e JOIN stream s USING (stream_id)"
                                  + " WHERE e.metadata->>'record_id' = :id AND e.stream_id <> 0")
                          .bind("id", id)
                          .map(ResultRow.to(row -> row.text("event")))
                          .one());
      post(
          "/api/v1/corrections",
          "{" + event + ",\"usage\":\"" + usage.toPlainString() + "\",\"reason\":\"r\"}");
    }
    return count;
  }

  private long number(String sql) {
    return http.database()
        .read(
            handle -> handle.createQuery(sql).map(ResultRow.to(row -> row.number("count"))).one());
  }

  private int compare(String token, LedgerFigures expected) {
    String[] who = client.isGuest(token) ? StatsClient.asGuest(token) : StatsClient.asUser(token);
    final int compared = same(client.get("/usage/me", who), expected.audio(), "user_type");
    JsonNode months = client.get("/usage/history?bucket=month&count=4&zone=Pacific/Chatham", who);
    BigDecimal ofMonths = BigDecimal.ZERO;
    for (JsonNode each : months.path("rows")) {
      ofMonths = ofMonths.add(each.path("counters").path("input_bytes").decimalValue());
    }
    assertThat(ofMonths).as("seed %s", seed).isEqualByComparingTo(expected.uploaded());
    return compared + 1;
  }

  /**
   * Each figure of an answer is an expected one, and none is missing.
   *
   * @param beside the beginning of the places of those that are of no events
   */
  private int same(JsonNode answer, Map<String, Object> expected, String beside) {
    Map<String, JsonNode> found = new TreeMap<>();
    collect(answer, "", found);
    found
        .keySet()
        .removeIf(each -> each.startsWith(beside) || each.startsWith("details." + beside));
    assertThat(found.keySet()).as("seed %s", seed).isEqualTo(expected.keySet());
    expected.forEach(
        (place, value) -> {
          JsonNode figure = found.getOrDefault(place, answer);
          if (value instanceof BigDecimal number) {
            assertThat(figure.decimalValue())
                .as("seed %s: %s", seed, place)
                .isEqualByComparingTo(number);
          } else {
            assertThat(figure.isNull() ? "" : figure.asText())
                .as("seed %s: %s", seed, place)
                .isEqualTo(value);
          }
        });
    return expected.size();
  }

  /** By their places, as {@link LedgerFigures} names them. */
  private static void collect(JsonNode figures, String before, Map<String, JsonNode> found) {
    figures
        .properties()
        .forEach(
            each -> {
              boolean isDivided =
                  each.getKey().equals("by_type") || each.getKey().endsWith("_breakdown");
              String place = before + each.getKey();
              if (each.getValue().isObject()) {
                collect(each.getValue(), place + (isDivided ? "/" : "."), found);
              } else {
                found.put(place, each.getValue());
              }
            });
  }
}
