package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.tail.LiveTail.Subscription;
import io.billingsdk.server.tail.LiveTail.TailFilter;
import io.billingsdk.server.tail.TailItem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corrections and replays over HTTP, of events that came over HTTP. */
@Tag("postgres")
class CorrectionRoutesTest {
  private static final String EVENTS = "/api/v1/events";
  private static final String CORRECTIONS = "/api/v1/corrections";

  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void start() throws Exception {
    http = new HttpTestbed(directory);
    KeyAdmin keys = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    for (String app : new String[] {"acme", "other"}) {
      keys.createApp(app, app);
      keys.importKey("k_" + app, "sk-" + app, app, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
  }

  @AfterEach
  void stop() {
    http.close();
  }

  /** Stores usage of 10.5; the event as it is listed. */
  private JsonNode used(String app) {
    Reply stored =
        http.send(
            "POST",
            EVENTS,
            "{\"keyId\":\"k_%s\",\"module\":\"llm\",\"model\":\"m\",\"usage\":\"10.5\"}"
                .formatted(app));
    assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    JsonNode last = MissingNode.getInstance();
    for (JsonNode each : http.get(EVENTS + "?appId=" + app).json().path("items")) {
      last = each.has("corrects") ? last : each;
    }
    return last;
  }

  private static String body(JsonNode event, String usage) {
    return """
    {"stream":"%s","seq":%s,"occurredAt":"%s","usage":%s,"reason":"wrong price"}
    """
        .formatted(
            event.path("stream").asText(),
            event.path("seq"),
            event.path("occurredAt").asText(),
            usage);
  }

  @Test
  void correction_isAnEventThatPointsAtAnother_andTheSumsFollow() {
    JsonNode event = used("acme");

    Reply made = http.send("POST", CORRECTIONS, body(event, "\"7.25\""));

    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.json().path("status").asText()).isEqualTo("corrected");
    assertThat(made.json().at("/correction/difference").asText()).isEqualTo("-3.25");
    assertThat(made.json().at("/correction/actor").asText()).isEqualTo("tester");
    JsonNode listed = http.get(EVENTS + "?appId=acme").json().path("items");
    assertThat(listed).hasSize(2).contains(event);
    JsonNode itself = listed.get(0).has("corrects") ? listed.get(0) : listed.get(1);
    assertThat(itself.path("usage").asText()).isEqualTo("-3.25");
    assertThat(itself.at("/corrects/stream")).isEqualTo(event.path("stream"));
    assertThat(itself.at("/corrects/seq")).isEqualTo(event.path("seq"));
    assertThat(itself.at("/corrects/occurredAt")).isEqualTo(event.path("occurredAt"));
    assertThat(http.get("/api/v1/usage?bucket=all&groupBy=appId").body())
        .contains("\"events\":1,\"usage\":\"7.25\"");
    assertThat(http.get("/api/v1/streams").body()).doesNotContain(itself.path("stream").asText());
    Reply again = http.send("POST", CORRECTIONS, body(itself, "1"));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.body()).contains(event.path("stream").asText());
  }

  @Test
  void correction_sentAgain_isMadeOnce_withAndWithoutAnIdempotencyKey() {
    JsonNode event = used("acme");
    String body = body(event, "0");
    String[] key = {"Idempotency-Key", "correction-1"};

    Reply first = http.send("POST", CORRECTIONS, http.writeToken(), body, key);
    Reply repeated = http.send("POST", CORRECTIONS, http.writeToken(), body, key);
    Reply other = http.send("POST", CORRECTIONS, body);

    assertThat(repeated.status()).isEqualTo(first.status()).isEqualTo(201);
    assertThat(repeated.body()).isEqualTo(first.body());
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.json().path("status").asText()).isEqualTo("unchanged");
    assertThat(http.get(CORRECTIONS).json().path("items")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'-1', usage",
    "'\"1e3\"', usage",
    "'1e-2147483647', usage",
    "'9007199254740993', usage",
    "'true', usage",
    "'null', usage"
  })
  void correction_withAUsageThatIsNone_isRefusedByName(String usage, String field) {
    Reply reply = http.send("POST", CORRECTIONS, body(used("acme"), usage));

    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.json().path("field").asText()).isEqualTo(field);
  }

  @Test
  void correction_ofAnEventThatIsNot_isNotFound() {
    String nowhere =
        "{\"stream\":\"%s\",\"seq\":1,\"occurredAt\":\"2026-01-15T00:00:00Z\",\"usage\":1,\"reason\":\"r\"}"
            .formatted(LedgerRows.STREAM);
    Reply reply = http.send("POST", CORRECTIONS, nowhere);
    assertThat(reply.status()).as(reply.body()).isEqualTo(404);
  }

  @Test
  void corrections_areOfEachApp_latestFirst_andThoseOfOthersAreHidden() throws Exception {
    for (String app : new String[] {"acme", "other", "acme"}) {
      Reply made = http.send("POST", CORRECTIONS, body(used(app), "" + System.nanoTime() % 1_000));
      assertThat(made.status()).as(made.body()).isEqualTo(201);
    }
    JsonNode first = http.get(CORRECTIONS + "?limit=2").json();
    assertThat(first.at("/items/0/appId").asText()).isEqualTo("acme");
    assertThat(first.at("/items/1/appId").asText()).isEqualTo("other");
    JsonNode rest = http.get(CORRECTIONS + "?limit=2&cursor=" + first.path("next").asText()).json();
    assertThat(rest.path("items")).hasSize(1);
    assertThat(rest.has("next")).isFalse();
    assertThat(http.get(CORRECTIONS + "?appId=other").json().path("items")).hasSize(1);

    Reply own = http.send("GET", CORRECTIONS, http.token(Scope.READ, "other"), null);

    assertThat(own.json().path("items")).hasSize(1);
    assertThat(own.body()).contains("wrong price").doesNotContain("acme", "tester");
  }

  @Test
  void correction_isShownInTheTail_onceItIsCommitted() {
    JsonNode event = used("acme");
    try (Subscription watching = http.tail().subscribe(TailFilter.ALL).orElseThrow()) {
      await().atMost(Duration.ofSeconds(10)).until(() -> http.tail().isWanted());

      var unused = http.send("POST", CORRECTIONS, body(event, "12"));

      TailItem.Usage shown =
          (TailItem.Usage)
              await()
                  .atMost(Duration.ofSeconds(10))
                  .until(
                      () -> watching.poll(Duration.ofMillis(100)),
                      TailItem.Usage.class::isInstance);
      assertThat(shown.usage()).isEqualByComparingTo("1.5");
      assertThat(Objects.requireNonNull(shown.corrects()).seq())
          .isEqualTo(event.path("seq").asLong());
    }
  }
}
