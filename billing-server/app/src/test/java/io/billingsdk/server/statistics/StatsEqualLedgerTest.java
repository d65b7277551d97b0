package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
  private static final int PEOPLE = 12;
  private static final BigDecimal MEGA = BigDecimal.valueOf(1_048_576);

  // The rows of a person by type and success: corrections are usage, and no events.
  private static final String LEDGER =
      """
      SELECT session, model, coalesce(metadata->>'success', 'true') AS success,
        count(*) FILTER (WHERE stream_id <> 0) AS events, sum(usage) AS usage,
        coalesce(sum((metadata->>'output_file_size')::numeric) FILTER (WHERE stream_id <> 0), 0)
          AS output
      FROM usage_event WHERE module = 'audio' GROUP BY 1, 2, 3
      """;

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
    BigDecimal size =
        new BigDecimal(random.nextInt(1, 90_000_000)).movePointLeft(random.nextInt(3));
    String shape =
        switch (random.nextInt(4)) {
          case 0 ->
              "\"model\":\"file_upload\",\"usage\":\"%s\",\"metadata\":{\"record_id\":\"%s\",\"processing_type\":\"t%d\"}"
                  .formatted(size.toPlainString(), id, random.nextInt(4));
          case 1, 2 ->
              "\"model\":\"processing_complete\",\"usage\":\"%s\",\"metadata\":{\"record_id\":\"%s\",\"success\":%s,\"output_file_size\":%d}"
                  .formatted(
                      size.toPlainString(), id, random.nextInt(4) > 0, random.nextInt(9_999));
          default ->
              "\"model\":\"api_call\",\"usage\":1,\"metadata\":{\"record_id\":\"%s\"}"
                  .formatted(id);
        };
    return "{\"keyId\":\"%s\",\"module\":\"audio\",\"session\":\"%s\",\"occurredAt\":\"%s\",\"idempotencyKey\":\"%s\",%s}"
        .formatted(key, person, at, id, shape);
  }

  @Test
  void figures_ofEventsInAnyOrder_repeatedLateAndCorrected_areTheSumsOfTheLedger() {
    TestTokens signed = new TestTokens(http.secrets());
    for (int i = 0; i < PEOPLE; i++) {
      String token = i % 2 == 0 ? client.guest() : client.user("user-" + i);
      tokens.put(signed.session(token), token);
    }
    String key = key();
    int duplicates = send(key);
    int corrections = correct(EVENTS / 40);

    Map<String, Map<String, Row>> ledger = ledger();
    int figures = 0;
    for (Map.Entry<String, String> each : tokens.entrySet()) {
      figures += compare(each.getValue(), ledger.getOrDefault(each.getKey(), Map.of()));
    }
    assertThat(number(WRONG_QUARTERS)).as("quarters that are not the whole").isZero();
    Proof.sized("stats-equal-ledger", EVENTS, RELEASE)
        .with("events", EVENTS)
        .with("duplicates", duplicates)
        .with("corrections", corrections)
        .with("people", PEOPLE)
        .with("figures", figures)
        .with("wrong", 0)
        .with("seed", seed)
        .print();
  }

  private int send(String key) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofMinutes(1));
    List<String> people = List.copyOf(tokens.keySet());
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

  /** What the ledger has of a person, of one type and outcome. */
  private record Row(long events, BigDecimal usage, BigDecimal output) {
    static final Row NONE = new Row(0, BigDecimal.ZERO, BigDecimal.ZERO);
  }

  private record Found(String session, String name, Row row) {}

  private Map<String, Map<String, Row>> ledger() {
    List<Found> found =
        http.database()
            .read(
                handle ->
                    handle
                        .createQuery(LEDGER)
                        .map(ResultRow.to(StatsEqualLedgerTest::found))
                        .list());
    Map<String, Map<String, Row>> rows = new TreeMap<>();
    for (Found each : found) {
      rows.computeIfAbsent(each.session(), none -> new TreeMap<>()).put(each.name(), each.row());
    }
    return rows;
  }

  private static Found found(ResultRow row) {
    return new Found(
        row.text("session"),
        row.text("model") + " " + row.text("success"),
        new Row(row.number("events"), row.decimal("usage"), row.decimal("output")));
  }

  private long number(String sql) {
    return http.database()
        .read(
            handle -> handle.createQuery(sql).map(ResultRow.to(row -> row.number("count"))).one());
  }

  private int compare(String token, Map<String, Row> rows) {
    String[] who = client.isGuest(token) ? StatsClient.asGuest(token) : StatsClient.asUser(token);
    JsonNode me = client.get("/usage/me", who);
    Row uploads = rows.getOrDefault("file_upload true", Row.NONE);
    Row done = rows.getOrDefault("processing_complete true", Row.NONE);
    Row failed = rows.getOrDefault("processing_complete false", Row.NONE);
    Row calls = rows.getOrDefault("api_call true", Row.NONE);
    same(me, "total_files_uploaded", BigDecimal.valueOf(uploads.events()));
    same(me, "total_files_processed", BigDecimal.valueOf(done.events()));
    same(me, "total_files_failed", BigDecimal.valueOf(failed.events()));
    same(me, "api_calls_count", BigDecimal.valueOf(calls.events()));
    same(me, "total_input_size_mb", ratio(uploads.usage(), MEGA));
    same(me, "total_output_size_mb", ratio(done.output(), MEGA));
    same(me, "total_processing_time_minutes", ratio(done.usage(), BigDecimal.valueOf(60)));
    BigDecimal types = BigDecimal.ZERO;
    for (JsonNode each : me.path("processing_types_breakdown")) {
      types = types.add(each.decimalValue());
    }
    assertThat(types).as("seed %s", seed).isEqualByComparingTo(String.valueOf(uploads.events()));
    JsonNode months = client.get("/usage/history?bucket=month&count=4&zone=Pacific/Chatham", who);
    BigDecimal ofMonths = BigDecimal.ZERO;
    for (JsonNode each : months.path("rows")) {
      ofMonths = ofMonths.add(each.path("counters").path("input_bytes").decimalValue());
    }
    assertThat(ofMonths).as("seed %s", seed).isEqualByComparingTo(uploads.usage());
    return 9;
  }

  private void same(JsonNode me, String field, BigDecimal expected) {
    assertThat(me.path(field).decimalValue())
        .as("seed %s: %s", seed, field)
        .isEqualByComparingTo(expected);
  }

  private static BigDecimal ratio(BigDecimal amount, BigDecimal divisor) {
    return amount.divide(divisor, 6, RoundingMode.HALF_UP);
  }
}
