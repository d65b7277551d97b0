package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.NewKey;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Apps and keys over HTTP, and what is done once though it is asked for twice. */
@Tag("postgres")
class KeyRoutesTest {
  private static final String APPS = "/api/v1/apps";
  private static final String KEYS = "/api/v1/apps/acme/keys";

  @TempDir static Path directory;

  private static HttpTestbed http;

  @BeforeAll
  static void start() {
    http = new HttpTestbed(directory);
    assertThat(http.send("POST", APPS, "{\"appId\":\"acme\"}").status()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static JsonNode ok(Reply reply, int status) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    return reply.json();
  }

  private static String key(JsonNode made) {
    return "/api/v1/keys/" + made.at("/key/keyId").asText();
  }

  @Test
  void app_withAnIdThatNeedsEncoding_isFoundWhereItsLocationSays() {
    Reply made = http.send("POST", APPS, "{\"appId\":\"a/b %2F é\",\"name\":\"Odd\"}");
    String location = made.header("Location").orElseThrow();
    assertThat(ok(http.get(location), 200)).isEqualTo(ok(made, 201));
    JsonNode renamed = ok(http.send("PATCH", location, "{\"name\":\"Other\"}"), 200);
    assertThat(renamed.path("name").asText()).isEqualTo("Other");
    assertThat(http.send("POST", APPS, "{\"appId\":\"a/b %2F é\"}").status()).isEqualTo(409);
  }

  @Test
  void key_throughItsLife_isAsEachAnswerSays() {
    JsonNode made =
        ok(
            http.send(
                "POST",
                KEYS,
                "{\"models\":[\"gpt-4*\"],\"rate\":{\"perSecond\":2.5},\"quotas\":[{\"meter\":"
                    + "\"tokens\",\"limit\":1000,\"overage\":true}]}"),
            201);
    assertThat(NewKey.isWellFormed(made.path("secret").asText())).isTrue();
    assertThat(made.at("/key/rate/burst").asLong()).isEqualTo(3);
    String key = key(made);
    assertThat(ok(http.get(key), 200)).isEqualTo(made.path("key"));
    assertThat(http.get(key).body()).doesNotContain(made.path("secret").asText());

    JsonNode changed = ok(http.send("PATCH", key, "{\"rate\":null,\"models\":[]}"), 200);
    assertThat(changed.has("rate")).isFalse();
    assertThat(changed.path("models")).isEmpty();
    assertThat(changed.at("/quotas/0/meter").asText()).isEqualTo("tokens");

    JsonNode blocked = ok(http.send("POST", key + "/block", "{\"reason\":\"unpaid\"}"), 200);
    assertThat(blocked.path("status").asText()).isEqualTo("blocked");
    assertThat(http.send("POST", key + "/rotate", "{}").status()).isEqualTo(409);
    assertThat(ok(http.send("POST", key + "/unblock", "{}"), 200).path("status").asText())
        .isEqualTo("ok");
    JsonNode successor = ok(http.send("POST", key + "/rotate", "{\"overlapHours\":1}"), 201);
    assertThat(successor.at("/key/quotas/0/meter").asText()).isEqualTo("tokens");
    assertThat(ok(http.get(key), 200).has("expiresAt")).isTrue();
    JsonNode expiring =
        ok(http.send("POST", key + "/expire", "{\"at\":\"2030-01-01T00:00:00Z\"}"), 200);
    assertThat(expiring.path("expiresAt").asText()).isEqualTo("2030-01-01T00:00:00Z");
    assertThat(ok(http.send("DELETE", key, "{}"), 200).path("status").asText())
        .isEqualTo("removed");
    assertThat(http.send("POST", key + "/unblock", "{}").status()).isEqualTo(404);
  }

  /** A number in the answer as in the request, with each of its digits. */
  @Test
  void quota_withManyDigits_isShownExactly_asANumber() {
    String limit = "9007199254740991.000000000000000001";
    Reply made =
        http.send(
            "POST",
            KEYS,
            "{\"rate\":{\"perSecond\":\"0.333333333333333333\",\"burst\":1},\"quotas\":["
                + "{\"meter\":\"a\",\"limit\":"
                + limit
                + "},{\"meter\":\"b\",\"limit\":1000.0}]}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(http.get(key(made.json())).body())
        .contains("\"limit\":" + limit + ",", "\"limit\":1000,")
        .contains("\"perSecond\":0.333333333333333333,");
  }

  @Test
  void changes_areInTheAuditLog_withTheirOperator_andWithoutTheKey() {
    JsonNode made = ok(http.send("POST", KEYS, "{}"), 201);
    ok(http.send("POST", key(made) + "/block", "{\"reason\":\"late\"}"), 200);
    Reply log = http.get("/api/v1/audit?limit=2");
    JsonNode block = ok(log, 200).at("/items/0");
    assertThat(block.path("actor").asText()).isEqualTo("tester");
    assertThat(block.path("action").asText()).isEqualTo("key.block");
    assertThat(block.path("subject").asText()).isEqualTo(made.at("/key/keyId").asText());
    assertThat(block.at("/before/status").asText()).isEqualTo("ok");
    assertThat(block.at("/after/reason").asText()).isEqualTo("late");
    assertThat(log.json().at("/items/1/action").asText()).isEqualTo("key.create");
    assertThat(log.body()).doesNotContain(made.path("secret").asText());
  }

  @Test
  void tokenOfAnApp_readsItsKeys_andNoOthers() throws SQLException {
    ok(http.send("POST", APPS, "{\"appId\":\"rival\"}"), 201);
    JsonNode own = ok(http.send("POST", KEYS, "{}"), 201);
    JsonNode rival = ok(http.send("POST", "/api/v1/apps/rival/keys", "{}"), 201);
    String token = http.token(Scope.READ, "acme");
    assertThat(http.send("GET", key(own), token, null).status()).isEqualTo(200);
    assertThat(http.send("GET", key(rival), token, null).status()).isEqualTo(404);
    assertThat(http.send("GET", KEYS, token, null).status()).isEqualTo(200);
    assertThat(http.send("GET", "/api/v1/apps/rival/keys", token, null).status()).isEqualTo(404);
    assertThat(http.send("POST", KEYS, token, "{}").status()).isEqualTo(403);
  }

  @Test
  void list_byPages_givesEachKeyOnce() {
    ok(http.send("POST", APPS, "{\"appId\":\"many\"}"), 201);
    for (int i = 0; i < 7; i++) {
      ok(http.send("POST", "/api/v1/apps/many/keys", "{}"), 201);
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = ok(http.get("/api/v1/apps/many/keys?limit=3" + cursor), 200);
      page.path("items").forEach(key -> seen.add(key.path("keyId").asText()));
      cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
    } while (!cursor.isEmpty());
    assertThat(seen).hasSize(7).doesNotHaveDuplicates();
  }

  @Test
  void creation_sentAgainWithItsKey_isDoneOnce_andAnsweredAlike() {
    Reply first = http.send("POST", KEYS, http.writeToken(), "{}", "Idempotency-Key", "once-1");
    Reply again = http.send("POST", KEYS, http.writeToken(), "{}", "Idempotency-Key", "once-1");
    assertThat(ok(again, 201)).isEqualTo(ok(first, 201));
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(first.header("Idempotent-Replayed")).isEmpty();
    assertThat(again.header("Idempotent-Replayed")).hasValue("true");
  }

  @Test
  void creation_withTheKeyOfAnother_isRefused() {
    ok(http.send("POST", KEYS, http.writeToken(), "{}", "Idempotency-Key", "once-2"), 201);
    Reply other =
        http.send(
            "POST", KEYS, http.writeToken(), "{\"models\":[\"x\"]}", "Idempotency-Key", "once-2");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().path("type").asText()).isEqualTo("/problems/idempotency-key-reused");
    assertThat(other.json().path("field").asText()).isEqualTo("Idempotency-Key");
  }

  @Test
  void creation_thatWasRefused_mayBeMendedUnderTheSameKey() {
    String key = "once-3";
    Reply wrong =
        http.send("POST", KEYS, http.writeToken(), "{\"rate\":1}", "Idempotency-Key", key);
    assertThat(wrong.status()).isEqualTo(400);
    ok(http.send("POST", KEYS, http.writeToken(), "{}", "Idempotency-Key", key), 201);
  }

  @Test
  void creation_ofManyAtOnceUnderOneKey_isDoneOnce() throws Exception {
    long before = http.world().count("SELECT count(*) FROM api_key");
    ExecutorService clients = Executors.newFixedThreadPool(5);
    Set<String> secrets = new HashSet<>();
    try {
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        replies.add(
            clients.submit(
                () -> http.send("POST", KEYS, http.writeToken(), "{}", "Idempotency-Key", "race")));
      }
      for (Future<Reply> each : replies) {
        secrets.add(ok(each.get(), 201).path("secret").asText());
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(secrets).hasSize(1);
    assertThat(http.world().count("SELECT count(*) FROM api_key")).isEqualTo(before + 1);
  }

  @Test
  void answer_thatIsKept_isNotReadableInTheDatabase_andIsForgottenAfterADay() throws SQLException {
    Reply first = http.send("POST", KEYS, http.writeToken(), "{}", "Idempotency-Key", "day");
    String secret = ok(first, 201).path("secret").asText();
    String inHex =
        java.util.HexFormat.of()
            .formatHex(secret.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(
            http.world()
                .count(
                    "SELECT count(*) FROM http_answer WHERE encode(answer, 'hex') LIKE '%"
                        + inHex
                        + "%'"))
        .isZero();
    http.world()
        .execute(
            "UPDATE http_answer SET answered_at = now() - interval '25 hours'"
                + " WHERE idempotency_key = 'day'");
    Reply later = http.send("POST", KEYS, http.writeToken(), "{}", "Idempotency-Key", "day");
    assertThat(ok(later, 201).path("secret").asText()).isNotEqualTo(secret);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|/api/v1/apps|{}|appId",
        "POST|/api/v1/apps|{'appId':''}|appId",
        "POST|/api/v1/apps|{'appId':7}|appId",
        "POST|/api/v1/apps|{'appId':'x','nme':'y'}|nme",
        "POST|/api/v1/apps|{'appId':'\\u0000'}|appId",
        "POST|/api/v1/apps|{'appId':'\\ud800'}|appId",
        "POST|/api/v1/apps|[]|body",
        "POST|/api/v1/apps|{'appId':'x'|body",
        "POST|/api/v1/apps|{'appId':'x','appId':'y'}|body",
        "POST|/api/v1/apps|{'appId':'x'}{}|body",
        "PATCH|/api/v1/apps/acme|{}|name",
        "POST|/api/v1/apps/acme/keys|{'models':'x'}|models",
        "POST|/api/v1/apps/acme/keys|{'models':['a*b']}|models",
        "POST|/api/v1/apps/acme/keys|{'expiresAt':'soon'}|expiresAt",
        "POST|/api/v1/apps/acme/keys|{'expiresAt':'+9999999-01-01T00:00:00Z'}|expiresAt",
        "POST|/api/v1/apps/acme/keys|{'rate':{}}|rate.perSecond",
        "POST|/api/v1/apps/acme/keys|{'rate':{'perSecond':0}}|rate",
        "POST|/api/v1/apps/acme/keys|{'rate':{'perSecond':1,'burst':0}}|rate.burst",
        "POST|/api/v1/apps/acme/keys|{'rate':{'perSecond':1,'burts':9}}|rate.burts",
        "POST|/api/v1/apps/acme/keys|{'rate':{'perSecond':1e999}}|rate",
        "POST|/api/v1/apps/acme/keys|{'quotas':[{'limit':1}]}|quotas[0].meter",
        "POST|/api/v1/apps/acme/keys|{'quotas':[{'meter':'t','limit':-1}]}|quotas.t",
        "POST|/api/v1/apps/acme/keys|{'quotas':[{'meter':'t','limit':9007199254740993}]}|quotas.t",
        "POST|/api/v1/apps/acme/keys|{'quotas':[{'meter':'t','limit':true}]}|quotas[0].limit",
        "POST|/api/v1/apps/acme/keys|{'legacy':'yes'}|legacy",
        "PATCH|/api/v1/keys/k1|{}|body",
        "POST|/api/v1/keys/k1/block|{}|reason",
        "POST|/api/v1/keys/k1/expire|{}|at",
        "POST|/api/v1/keys/k1/rotate|{'overlapHours':-1}|overlapHours",
        "POST|/api/v1/keys/k1/rotate|{'overlapHours':8761}|overlapHours",
        "POST|/api/v1/keys/k1/rotate|{'overlapHours':1.5}|overlapHours",
        "POST|/api/v1/unattributed/attribute|{'reason':'x'}|body",
        "POST|/api/v1/unattributed/attribute|{'reason':'x','appId':'acme','sha256':'f'}|sha256",
        "POST|/api/v1/unattributed/attribute|{'keyId':'k'}|reason",
        "GET|/api/v1/rejected?code=x||code",
        "GET|/api/v1/rejected?cursor=WyJyZWplY3RlZCIsIngiXQ||cursor",
        "GET|/api/v1/streams/1-1-1-1-1||stream",
      })
  void badInput_ofEachKind_isNamed(String method, String path, String json, String field) {
    String body = json == null ? null : json.replace('\'', '"');
    Reply reply = http.send(method, path, http.writeToken(), body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.json().path("field").asText()).as(reply.body()).isEqualTo(field);
    assertThat(reply.json().path("expected").asText()).as(reply.body()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/v1/apps/none,appId",
    "GET,/api/v1/apps/none/keys,appId",
    "POST,/api/v1/apps/none/keys,appId",
    "GET,/api/v1/keys/none,keyId",
    "DELETE,/api/v1/keys/none,keyId",
    "POST,/api/v1/keys/none/unblock,keyId",
    "GET,/api/v1/streams/00000000-0000-0000-0000-000000000001,stream"
  })
  void whatIsNotThere_isNamed(String method, String path, String field) {
    Reply reply = http.send(method, path, "{}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(404);
    assertThat(reply.json().path("field").asText()).isEqualTo(field);
  }

  @Test
  void body_thatIsTooLargeOrOfAnotherType_isRefused() {
    String large = "{\"appId\":\"" + "x".repeat(Request.BODY_BYTES) + "\"}";
    assertThat(http.send("POST", APPS, large).status()).isEqualTo(413);
    Reply form = http.send("POST", APPS, http.writeToken(), "{}", "Content-Type", "text/plain");
    assertThat(form.status()).isEqualTo(415);
    assertThat(form.json().path("field").asText()).isEqualTo("Content-Type");
  }
}
