package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.ingest.Collector;
import io.billingsdk.server.ingest.LightProducer;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One idempotency key, and events that say the same or something else under it. */
@Tag("postgres")
class IdempotencyConflictTest {
  private static final String ONE = "/api/v1/events";
  private static final String BATCH = "/api/v1/events/batch";
  private static final String STREAM = "/api/v1/events/stream";

  @TempDir Path directory;

  private final Instant now = Instant.now();
  private HttpTestbed http;
  private String token;
  private String keyId;
  private String otherKeyId;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    admin.createApp("acme", "Acme");
    keyId = admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId();
    otherKeyId = admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId();
    token = http.token(Scope.INTAKE, null);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("keyId", "\"" + keyId + "\"");
    fields.put("module", "\"llm\"");
    fields.put("model", "\"gpt-4\"");
    fields.put("usage", "2");
    fields.put("metadata", "{\"a\":1,\"b\":\"x\"}");
    fields.put("occurredAt", "\"" + now + "\"");
    return fields;
  }

  private static String json(Map<String, String> fields) {
    List<String> parts = new ArrayList<>();
    fields.forEach((name, value) -> parts.add("\"" + name + "\":" + value));
    return "{" + String.join(",", parts) + "}";
  }

  private String changed(String field, String value) {
    Map<String, String> fields = fields();
    fields.put(field, value);
    return json(fields);
  }

  /** What is another content, by the field that differs. */
  private Map<String, String> others() {
    return Map.of(
        "usage", changed("usage", "3"),
        "module", changed("module", "\"asr\""),
        "model", changed("model", "\"gpt-5\""),
        "metadata", changed("metadata", "{\"a\":2,\"b\":\"x\"}"),
        "keyId", changed("keyId", "\"" + otherKeyId + "\""),
        "occurredAt", changed("occurredAt", "\"" + now.minusSeconds(60) + "\""));
  }

  /** The same content in other words. */
  private List<String> same() {
    Map<String, String> untimed = fields();
    untimed.remove("occurredAt");
    return List.of(
        json(fields()),
        json(untimed),
        changed("usage", "\"2.00\""),
        changed("metadata", "{\"b\":\"x\",\"a\":1}"));
  }

  /** A way in: an event under a key, and what became of it. */
  @FunctionalInterface
  private interface Way {
    String send(String event, String key) throws Exception;
  }

  private Map<String, Way> ways() {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("header", (event, key) -> one("application/json", event, key));
    ways.put(
        "own",
        (event, key) -> one("application/json", with(event, "\"idempotencyKey\":\"" + key + "\"")));
    ways.put("batch", (event, key) -> batch("{\"events\":[7," + event + "]}", key));
    ways.put("line", (event, key) -> line("{\n" + event + "\n", key));
    ways.put("cloudevent", (event, key) -> one(HttpTestbed.CLOUD_EVENT, envelope(event, key)));
    ways.put(
        "cloudevent-binary",
        (event, key) ->
            one(
                "application/json",
                event,
                "ce-specversion",
                "1.0",
                "ce-type",
                "usage",
                "ce-source",
                "/shop",
                "ce-id",
                key));
    return ways;
  }

  private static String with(String event, String field) {
    return event.substring(0, event.length() - 1) + "," + field + "}";
  }

  private static String envelope(String event, String id) {
    return "{\"specversion\":\"1.0\",\"type\":\"usage\",\"source\":\"/shop\",\"id\":\""
        + id
        + "\",\"data\":"
        + event
        + "}";
  }

  private String one(String type, String event, String key) {
    return one(type, event, "Idempotency-Key", key);
  }

  private String one(String type, String event, String... headers) {
    Reply reply = post(ONE, type, event, headers);
    if (reply.status() == 409) {
      assertThat(reply.json().path("type").asText()).isEqualTo("/problems/event-conflict");
      assertThat(reply.json().path("field").asText())
          .isIn("Idempotency-Key", "idempotencyKey", "id");
      return "conflict";
    }
    return reply.json().path("status").asText();
  }

  private String batch(String body, String key) {
    Reply reply = post(BATCH, "application/json", body, "Idempotency-Key", key);
    return reply.json().at("/results/1/status").asText();
  }

  private String line(String body, String key) throws Exception {
    Reply reply = post(STREAM, "application/x-ndjson", body, "Idempotency-Key", key);
    List<String> lines = reply.body().lines().toList();
    JsonNode sums = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    for (String name : List.of("stored", "duplicates", "conflicts")) {
      if (sums.path(name).asLong() == 1) {
        return name.replaceFirst("(duplicate|conflict)s", "$1");
      }
    }
    return reply.body();
  }

  @Test
  void key_withOtherContent_isAConflict_keptAndNamed_inEachWay() throws Exception {
    long sent = 0;
    long repeats = 0;
    long named = 0;
    for (Map.Entry<String, Way> way : ways().entrySet()) {
      for (Map.Entry<String, String> other : others().entrySet()) {
        String key = way.getKey() + "-" + other.getKey();
        assertThat(way.getValue().send(json(fields()), key)).as(key).isEqualTo("stored");
        for (String each : same()) {
          assertThat(way.getValue().send(each, key)).as(key + " " + each).isEqualTo("duplicate");
          repeats++;
        }
        // Twice: what was told once is told again.
        for (int i = 0; i < 2; i++) {
          named += way.getValue().send(other.getValue(), key).equals("conflict") ? 1 : 0;
        }
        sent++;
      }
    }
    long mqtt = overMqtt();

    long ledger = http.world().count("SELECT count(*) FROM usage_event");
    long kept =
        http.world()
            .count("SELECT count(*) FROM conflicting_event WHERE counted_stream_id IS NOT NULL");
    assertThat(named).isEqualTo(2 * sent);
    assertThat(ledger).isEqualTo(sent + 1);
    assertThat(kept).isEqualTo(named + mqtt);
    Reply list = http.get("/api/v1/conflicting?limit=1000");
    assertThat(list.json().path("items")).hasSize((int) kept);
    assertThat(list.json().at("/items/0/counted/stream").asText()).isNotEmpty();
    Proof.of("idempotency-conflict")
        .with("ways", ways().size() + 1)
        .with("fields", others().size())
        .with("keys", sent + 1)
        .with("repeats", repeats)
        .with("conflicts", 2 * sent + mqtt)
        .with("named", named + mqtt)
        .with("kept", kept)
        .with("ledger", ledger)
        .with("lost_or_double", ledger - sent - 1)
        .print();
  }

  /** A producer of protocol v2, whose clock gives each event another time. */
  private long overMqtt() throws Exception {
    String prefix = http.world().prefix();
    try (Collector collector =
            new Collector(
                http.database(), Testbed.get().broker("collector"), prefix + "-collector", prefix);
        LightProducer producer =
            new LightProducer(Testbed.get().broker("sdk"), prefix, "instance-1")) {
      collector.start();
      await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
      UUID stream = UUID.randomUUID();
      String topic = prefix + "/v2/instance-1/usage";
      long sentAt = System.currentTimeMillis();
      // Number, usage: a repeat by its key, another content, and that again. A number has one time:
      // with two it is a conflict of its own, with what the number said before.
      for (int[] each : new int[][] {{1, 5}, {2, 5}, {3, 6}, {3, 6}, {4, 5}}) {
        String event =
            "{\"seq\":%d,\"ts\":%d,\"key_id\":\"%s\",\"module\":\"m\",\"model\":\"n\",\"usage\":%d,\"idempotency_key\":\"over-mqtt\"}"
                .formatted(each[0], sentAt + each[0], keyId, each[1]);
        producer.publish(
            topic,
            ("{\"stream\":\"" + stream + "\",\"sent_at\":1,\"events\":[" + event + "]}")
                .getBytes(StandardCharsets.UTF_8));
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  http.world()
                          .count(
                              "SELECT max(highest_seq) FROM stream WHERE uuid = '" + stream + "'")
                      == 4);
      assertThat(stored()).isEqualTo(1);
      return conflictsOf("over-mqtt");
    }
  }

  private long stored() throws SQLException {
    return http.world()
        .count("SELECT count(*) FROM usage_event WHERE idempotency_key = 'over-mqtt'");
  }

  private long conflictsOf(String key) throws SQLException {
    return http.world()
        .count("SELECT count(*) FROM conflicting_event WHERE idempotency_key = '" + key + "'");
  }

  @Test
  void derivedKeys_areInASpaceOfTheirOwn_andNeverTooLong() throws Exception {
    String event = json(fields());
    String own = with(event, "\"idempotencyKey\":\"k/0\"");
    Reply batch =
        post(BATCH, "application/json", "{\"events\":[" + event + "]}", "Idempotency-Key", "k");
    Reply same = post(BATCH, "application/json", "{\"events\":[" + own + "]}");
    assertThat(line(event + "\n", "k")).as("a line is no event of a batch").isEqualTo("stored");
    assertThat(one(HttpTestbed.CLOUD_EVENT, envelope(event, "7"), new String[0]))
        .isEqualTo("stored");
    assertThat(one("application/json", with(event, "\"idempotencyKey\":\"/shop|7\"")))
        .as("a key that looks like source and id")
        .isEqualTo("stored");
    assertThat(batch.json().path("stored").asInt()).isEqualTo(1);
    assertThat(same.json().path("stored").asInt()).as(same.body()).isEqualTo(1);

    String longest = "x".repeat(256);
    for (String status : List.of("stored", "duplicates")) {
      Reply reply =
          post(
              BATCH,
              "application/json",
              "{\"events\":[" + event + "," + event + "]}",
              "Idempotency-Key",
              longest);
      assertThat(reply.json().path(status).asInt()).as(reply.body()).isEqualTo(2);
    }
    assertThat(line(event + "\n", longest)).isEqualTo("stored");
    assertThat(post(ONE, "application/json", event, "Idempotency-Key", "x".repeat(257)).status())
        .isEqualTo(400);
  }

  /** Rows as the server wrote them before it knew what their events said. */
  @Test
  void keys_ofAnEarlierServer_areRepeatsStill() throws Exception {
    http.world()
        .execute(
            "INSERT INTO stream (uuid) VALUES (gen_random_uuid()); INSERT INTO idempotency SELECT"
                + " 'acme', k, 1, 1 FROM unnest(ARRAY['old/0', 'old/1', '/shop|old', 'own',"
                + " 'sha256:"
                + io.billingsdk.protocol.KeyRef.sha256("3:a|bc")
                + "']) AS k");
    String event = json(fields());
    String batch = "{\"events\":[" + event + "]}";
    Reply first = post(BATCH, "application/json", batch, "Idempotency-Key", "old");
    assertThat(first.json().path("duplicates").asInt()).as(first.body()).isEqualTo(1);
    assertThat(line(event + "\n", "old")).isEqualTo("duplicate");
    assertThat(one(HttpTestbed.CLOUD_EVENT, envelope(event, "old"), new String[0]))
        .isEqualTo("duplicate");
    assertThat(
            one(
                HttpTestbed.CLOUD_EVENT,
                envelope(event, "c").replace("\"/shop\"", "\"a|b\""),
                new String[0]))
        .isEqualTo("duplicate");
    assertThat(one("application/json", event, "own")).isEqualTo("duplicate");
    assertThat(one("application/json", event, "old/2")).isEqualTo("stored");
  }

  /** An event of no app yet has its key claimed when it is attributed, with what it said. */
  @Test
  void replay_ofAnEventWithADerivedKey_keepsItsIdentity() throws Exception {
    String early = changed("occurredAt", "\"" + now.plusSeconds(90_000) + "\"");
    String body = "{\"events\":[" + early + "]}";
    var unused = post(BATCH, "application/json", body, "Idempotency-Key", "future");
    JsonNode rejected = http.get("/api/v1/rejected").json().at("/items/0");
    assertThat(rejected.path("code").asText()).isEqualTo("IN_FUTURE");
    http.world()
        .execute(
            "UPDATE rejected_event SET content = regexp_replace(content, '\"ts\":[0-9]+', '\"ts\":"
                + now.toEpochMilli()
                + "')");
    Reply replayed = http.send("POST", "/api/v1/rejected/" + rejected.path("id") + "/replay", "");
    assertThat(replayed.json().path("status").asText()).as(replayed.body()).isEqualTo("stored");

    String same = "{\"events\":[" + json(fields()) + "]}";
    Reply again = post(BATCH, "application/json", same, "Idempotency-Key", "future");
    assertThat(again.json().path("duplicates").asInt()).as(again.body()).isEqualTo(1);
  }

  private Reply post(String path, String type, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", type));
    all.addAll(List.of(headers));
    return http.send("POST", path, token, body, all.toArray(String[]::new));
  }
}
