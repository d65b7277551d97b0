package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.ingest.LedgerLoader;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums and events over HTTP, of two apps and of nobody's key. */
@Tag("postgres")
class UsageRoutesTest {
  private static final String RANGE = "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z";
  private static final Instant FIRST = Instant.parse("2026-10-10T10:30:00.123Z");
  private static final int EACH = 30;

  @TempDir static Path directory;

  private static HttpTestbed http;
  private static String ofAcme;

  @BeforeAll
  static void start() throws Exception {
    http = new HttpTestbed(directory);
    KeyAdmin keys = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    for (String app : List.of("acme", "other")) {
      http.world().execute("INSERT INTO app (app_id, name) VALUES ('" + app + "', 'An app')");
      keys.importKey("k_" + app, "sk-" + app, app, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
    ofAcme = http.token(Scope.READ, "acme");
    try (LedgerLoader loader = new LedgerLoader(http.database(), FIRST.plusSeconds(86_400))) {
      for (int i = 0; i < EACH; i++) {
        Instant at = FIRST.plusSeconds(60L * i);
        loader.add("k_acme", "llm", "gpt-4", new BigDecimal("0.10"), at, "{\"region\":\"eu\"}");
        loader.add(
            "k_other", "llm", "gpt-4", BigDecimal.TEN, at, "{\"region\":\"us\",\"n\":1e300}");
        loader.add("k_nobody", "llm", "gpt-4", BigDecimal.ONE, at, null);
      }
      loader.flush();
    }
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static JsonNode ok(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void usage_byAppAndMonth_areTheExactSums() {
    JsonNode sums = ok(http.get("/api/v1/usage?bucket=month&groupBy=appId&" + RANGE));

    assertThat(sums.path("source").asText()).isEqualTo("rollups");
    assertThat(sums.path("items")).hasSize(3);
    assertThat(sums.path("items").toString())
        .contains(
            "{\"start\":\"2026-10-01T00:00:00Z\",\"group\":{\"appId\":\"acme\"},\"events\":30,"
                + "\"usage\":\"3\"}")
        .contains("\"group\":{\"appId\":\"other\"},\"events\":30,\"usage\":\"300\"")
        .contains("\"group\":{},\"events\":30,\"usage\":\"30\"");
  }

  @Test
  void usage_byMetadataInKathmandu_saysThatItIsFromTheEvents() {
    JsonNode sums =
        ok(
            http.get(
                "/api/v1/usage?bucket=hour&zone=Asia/Kathmandu&groupBy=metadata.region&metadata="
                    + encoded("{\"region\":\"eu\"}")
                    + "&"
                    + RANGE));

    assertThat(sums.path("source").asText()).isEqualTo("events");
    // 10:30 UTC is 16:15 there.
    assertThat(sums.at("/items/0/start").asText()).isEqualTo("2026-10-10T10:15:00Z");
    assertThat(sums.at("/items/0/group/metadata.region").asText()).isEqualTo("eu");
  }

  @Test
  void usage_tokenOfAnApp_seesItsOwnAlone() {
    JsonNode own = ok(http.send("GET", "/api/v1/usage?groupBy=appId&" + RANGE, ofAcme, null));
    assertThat(own.path("items")).hasSize(1);
    assertThat(own.at("/items/0/group/appId").asText()).isEqualTo("acme");

    String other = "/api/v1/usage?appId=other&" + RANGE;
    assertThat(http.send("GET", other, ofAcme, null).status()).isEqualTo(404);
    String nobody = "/api/v1/usage?unattributed=true&" + RANGE;
    assertThat(http.send("GET", nobody, ofAcme, null).status()).isEqualTo(400);
  }

  @Test
  void events_byPages_areAllShownOnce_andAnAppSeesItsOwn() {
    List<String> all = pages("/api/v1/events?limit=7&" + RANGE, http.readToken());
    assertThat(all).hasSize(3 * EACH).doesNotHaveDuplicates();

    List<String> own = pages("/api/v1/events?limit=7&" + RANGE, ofAcme);
    assertThat(own).hasSize(EACH);
    assertThat(all).containsAll(own);
  }

  private static List<String> pages(String path, String token) {
    List<String> found = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = ok(http.send("GET", path + cursor, token, null));
      page.path("items").forEach(item -> found.add(item.path("seq").asText()));
      cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
    } while (!cursor.isEmpty());
    return found;
  }

  @Test
  void events_one_hasAllThatIsKnownOfIt() {
    JsonNode page = ok(http.get("/api/v1/events?limit=1&appId=other&" + RANGE));

    JsonNode event = page.at("/items/0");
    assertThat(event.path("occurredAt").asText()).isEqualTo("2026-10-10T10:30:00.123Z");
    assertThat(event.path("appId").asText()).isEqualTo("other");
    assertThat(event.path("keyId").asText()).isEqualTo("k_other");
    assertThat(event.path("usage").asText()).isEqualTo("10");
    assertThat(event.path("metadata").path("region").asText()).isEqualTo("us");
    assertThat(event.has("idempotencyKey")).isFalse();
  }

  @Test
  void events_unattributed_areThoseOfNobody() {
    List<String> found = pages("/api/v1/events?unattributed=true&" + RANGE, http.readToken());
    assertThat(found).hasSize(EACH);
  }

  @ParameterizedTest
  @CsvSource({
    "usage?from=x, from",
    "usage?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z, to",
    "usage?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z, to",
    "usage?from=1980-01-01T00:00:00Z&to=1980-01-02T00:00:00Z, from",
    "usage?bucket=week, bucket",
    "usage?bucket=DAY, bucket",
    "usage?zone=Mars/Olympus, zone",
    "usage?zone=+05:45, zone",
    "usage?groupBy=, groupBy",
    "usage?groupBy=appId%2CappId, groupBy",
    "usage?groupBy=colour, groupBy",
    "usage?groupBy=metadata., metadata.NAME",
    "usage?appId=, appId",
    "usage?keyId=%00, keyId",
    "usage?metadata=x, metadata",
    "usage?metadata=%7B%22a%22%3A1%7D, metadata",
    "usage?unattributed=yes, unattributed",
    "usage?unattributed=true&appId=acme, unattributed",
    "usage?limit=3, limit",
    "events?limit=0, limit",
    "events?cursor=x, cursor",
    "events?bucket=day, bucket",
    "tail?type=all, type",
    "tail?metadata=%5B%5D, metadata",
    "tail?from=2026-01-01T00:00:00Z, from",
  })
  void request_notPossible_namesTheField(String path, String field) {
    Reply reply = http.get("/api/v1/" + path);

    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.contentType()).startsWith("application/problem+json");
    assertThat(reply.json().path("field").asText()).isEqualTo(field);
    assertThat(reply.json().path("expected").asText()).isNotBlank();
  }
}
