package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.Proof;
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

@Tag("postgres")
class IntakeRoutesTest {
  private static final String ONE = "/api/v1/events";
  private static final String BATCH = "/api/v1/events/batch";
  private static final String STREAM = "/api/v1/events/stream";
  private static final String REST = "\"module\":\"llm\",\"model\":\"gpt-4\",\"usage\":2";

  @TempDir Path directory;

  private HttpTestbed http;
  private String token;
  private String keyId;
  private String key;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    admin.createApp("acme", "Acme");
    var made = admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    keyId = made.keyId();
    key = made.text();
    token = http.token(Scope.INTAKE, null);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void event_withAKey_isInTheLedgerWhenItIsAnswered_andOnceWhenSentAgain() throws SQLException {
    String event = "{\"apiKey\":\"" + key + "\"," + REST + "}";
    Reply first = post(ONE, "application/json", event, "Idempotency-Key", "order-1");
    Reply again = post(ONE, "application/json", event, "Idempotency-Key", "order-1");

    assertThat(first.status()).as(first.body()).isEqualTo(201);
    assertThat(first.json().path("status").asText()).isEqualTo("stored");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("status").asText()).isEqualTo("duplicate");
    assertThat(count("SELECT count(*) FROM usage_event WHERE app_id = 'acme'")).isEqualTo(1);
    assertThat(count("SELECT sum(usage) FROM usage_rollup")).isEqualTo(2);
  }

  @Test
  void usage_asATextOfManyDigits_isStoredExactly() throws SQLException {
    String digits = "123456789012345.000000000000000123";
    Reply reply =
        post(
            ONE,
            "application/json",
            "{\"keyId\":\""
                + keyId
                + "\",\"module\":\"m\",\"model\":\"n\",\"usage\":\""
                + digits
                + "\"}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    assertThat(count("SELECT count(*) FROM usage_event WHERE usage = " + digits)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'module':'m','model':'n','usage':1}; keyId",
        "{'keyId':'k','model':'n','usage':1}; module",
        "{'keyId':'k','module':'','model':'n','usage':1}; module",
        "{'keyId':'k','module':'m','usage':1}; model",
        "{'keyId':'k','module':'m','model':'n'}; usage",
        "{'keyId':'k','module':'m','model':'n','usage':-1}; usage",
        "{'keyId':'k','module':'m','model':'n','usage':1e300}; usage",
        "{'keyId':'k','module':'m','model':'n','usage':'1,5'}; usage",
        "{'keyId':'k','module':'m','model':'n','usge':1}; usge",
        "{'keyId':'k','module':'m','model':'n','usage':1,'occurredAt':'yesterday'}; occurredAt",
        "{'keyId':'k','module':'m','model':'n','usage':1,'occurredAt':17}; occurredAt",
        "{'keyId':'k','module':'m','model':'n','usage':1,'occurredAt':'2001-01-01T00:00:00Z'};"
            + " occurredAt",
        "{'keyId':'k','module':'m','model':'n','usage':1,'occurredAt':'2901-01-01T00:00:00Z'};"
            + " occurredAt",
        "{'keyId':'k','module':'m','model':'n','usage':1,'metadata':[1]}; metadata",
        "{'keyId':'k','module':'m','model':'n','usage':1,'metadata':{'a':{'b':{'c':1}}}}; metadata",
        "{'keyId':'k','module':'m','model':'n','usage':1,'idempotencyKey':'a b'}; idempotencyKey",
        "[]; event",
        "{; body",
        "{'keyId':'k','keyId':'k'}; body",
      })
  void event_thatIsWrong_isRefusedByTheNameOfItsField(String event, String field) {
    Reply reply = post(ONE, "application/json", event.replace('\'', '"'));
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.contentType()).startsWith(Problem.CONTENT_TYPE);
    assertThat(reply.json().path("field").asText()).as(reply.body()).isEqualTo(field);
    assertThat(reply.json().path("detail").asText()).doesNotContain("key_id", "api_key");
  }

  @Test
  void key_inThePlaceOfItsId_isRefused_andKeptNowhere() throws SQLException {
    Reply reply = post(ONE, "application/json", "{\"keyId\":\"" + key + "\"," + REST + "}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).doesNotContain(key);
    assertThat(count("SELECT count(*) FROM rejected_event")).isEqualTo(1);
    assertThat(count("SELECT count(*) FROM rejected_event WHERE content LIKE '%" + key + "%'"))
        .isZero();
  }

  @Test
  void batch_ofGoodAndBad_hasAResultForEach() throws SQLException {
    String good = "{\"keyId\":\"" + keyId + "\"," + REST + "}";
    String body = "{\"events\":[" + good + ",{\"keyId\":\"k\"}," + good + ",7]}";
    Reply first = post(BATCH, "application/json", body, "Idempotency-Key", "batch-1");
    Reply again = post(BATCH, "application/json", body, "Idempotency-Key", "batch-1");

    assertThat(first.status()).as(first.body()).isEqualTo(200);
    assertThat(statuses(first)).containsExactly("stored", "rejected", "stored", "rejected");
    assertThat(first.json().at("/results/1/field").asText()).isEqualTo("module");
    assertThat(statuses(again)).containsExactly("duplicate", "rejected", "duplicate", "rejected");
    assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(2);
  }

  @Test
  void cloudEvents_inEachForm_ofOneSourceAndId_areOneEvent() throws SQLException {
    String data = "{\"keyId\":\"" + keyId + "\"," + REST + "}";
    String envelope =
        "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"//shop/eu\",\"type\":\"usage\","
            + "\"time\":\""
            + java.time.Instant.now().minusSeconds(3_600)
            + "\",\"data\":"
            + data
            + "}";
    Reply structured = post(ONE, HttpTestbed.CLOUD_EVENT, envelope);
    Reply binary =
        post(
            ONE,
            "application/json",
            data,
            "ce-specversion",
            "1.0",
            "ce-id",
            "7",
            "ce-source",
            "//shop/eu",
            "ce-type",
            "usage");
    Reply batch =
        post(
            BATCH,
            HttpTestbed.CLOUD_EVENTS,
            "[" + envelope + "," + envelope.replace("\"7\"", "\"8\"") + "]");

    assertThat(structured.status()).as(structured.body()).isEqualTo(201);
    assertThat(binary.json().path("status").asText()).as(binary.body()).isEqualTo("duplicate");
    assertThat(statuses(batch)).containsExactly("duplicate", "stored");
    assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(2);
    assertThat(
            count(
                "SELECT count(*) FROM usage_event WHERE occurred_at < now() - interval '30"
                    + " minutes'"))
        .as("its time is the event's")
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"specversion,0.3", "id,", "source,", "type,", "data,"})
  void cloudEvent_withoutAnAttribute_isRefusedByItsName(String name, String value) {
    String envelope =
        "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"s\",\"type\":\"usage\",\"data\":{}}";
    String wrong =
        envelope.replaceFirst(
            "\"" + name + "\":(\"[^\"]*\"|\\{\\})",
            "\"" + name + "\":\"" + (value == null ? "" : value) + "\"");
    Reply reply = post(ONE, HttpTestbed.CLOUD_EVENT, wrong);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("field").asText()).as(reply.body()).isEqualTo(name);
  }

  @Test
  void lines_withBadOnesBetween_areStored_andTheOthersNamed() throws Exception {
    int lines = 3_000;
    StringBuilder body = new StringBuilder();
    for (int i = 1; i <= lines; i++) {
      body.append(
          i % 1_000 == 0
              ? (i == 1_000 ? "{" : i == 2_000 ? "x".repeat(8 * Bounds.EVENT_BYTES + 1) : "{}")
              : "{\"keyId\":\"" + keyId + "\"," + REST + ",\"idempotencyKey\":\"line-" + i + "\"}");
      body.append('\n');
    }
    body.append("\n{\"keyId\":\"" + keyId + "\"," + REST + ",\"idempotencyKey\":\"line-1\"}");
    Reply reply = post(STREAM, "application/x-ndjson", body.toString());

    List<JsonNode> answers = answers(reply);
    JsonNode sums = answers.get(answers.size() - 1);
    assertThat(sums.path("done").asBoolean()).as(sums.toString()).isTrue();
    assertThat(sums.path("lines").asLong()).isEqualTo(lines + 2);
    assertThat(sums.path("stored").asLong()).isEqualTo(lines - 3);
    assertThat(sums.path("duplicates").asLong()).isEqualTo(1);
    assertThat(
            answers.stream()
                .filter(each -> each.path("status").asText().equals("rejected"))
                .map(each -> each.path("line").asLong()))
        .containsExactly(1_000L, 2_000L, 3_000L);
    assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(lines - 3);
    Proof.of("http-intake")
        .with("lines", lines + 2)
        .with("stored", sums.path("stored"))
        .with("duplicates", sums.path("duplicates"))
        .with("rejected", sums.path("rejected"))
        .with("ledger", count("SELECT count(*) FROM usage_event"))
        .print();
  }

  @Test
  void line_ofALargeEventWithEachCharacterEscaped_isNotTooLong() throws Exception {
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      entries.add("\"name-" + i + "\":\"" + "\\u0061".repeat(1_024) + "\"");
    }
    String line =
        "{\"keyId\":\""
            + keyId
            + "\","
            + REST
            + ",\"metadata\":{"
            + String.join(",", entries)
            + "}}";
    Reply reply = post(STREAM, "application/x-ndjson", line + "\n");
    JsonNode sums = answers(reply).get(answers(reply).size() - 1);
    assertThat(sums.path("stored").asLong()).as(reply.body()).isEqualTo(1);
  }

  @Test
  void tokens_ofOtherScopes_sendNoUsage() throws SQLException {
    String event = "{\"keyId\":\"" + keyId + "\"," + REST + "}";
    for (String path : List.of(ONE, BATCH, STREAM)) {
      assertThat(http.send("POST", path, http.readToken(), event).status()).isEqualTo(403);
      assertThat(http.send("POST", path, null, event).status()).isEqualTo(401);
    }
    assertThat(http.send("POST", ONE, http.writeToken(), event).status()).isEqualTo(201);
    assertThat(count("SELECT count(*) FROM usage_event")).isEqualTo(1);
  }

  @Test
  void body_ofAnotherType_isRefused() {
    Reply reply = post(ONE, "text/plain", "{}");
    assertThat(reply.status()).isEqualTo(415);
    assertThat(reply.json().path("field").asText()).isEqualTo("Content-Type");
    assertThat(post(STREAM, "application/json", "{}").status()).isEqualTo(415);
  }

  private Reply post(String path, String type, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of("Content-Type", type));
    all.addAll(List.of(headers));
    return http.send("POST", path, token, body, all.toArray(String[]::new));
  }

  private long count(String query) throws SQLException {
    return http.world().count(query);
  }

  private static List<String> statuses(Reply reply) {
    List<String> statuses = new ArrayList<>();
    reply.json().path("results").forEach(each -> statuses.add(each.path("status").asText()));
    return statuses;
  }

  private static List<JsonNode> answers(Reply reply) throws Exception {
    List<JsonNode> answers = new ArrayList<>();
    for (String line : reply.body().lines().toList()) {
      answers.add(new ObjectMapper().readTree(line));
    }
    return answers;
  }
}
