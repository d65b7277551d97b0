package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.access.Tokens.NewToken;
import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.tail.LiveTail;
import io.billingsdk.server.tail.LiveTail.TailFilter;
import io.billingsdk.server.tail.TailItem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream as a client reads it; items are offered as the collector offers them. */
@Tag("postgres")
class TailRoutesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final UUID STREAM = new UUID(3, 4);

  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  /** Lines of a stream, until it ends. */
  private static final class Lines implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::read, "lines");

    Lines(HttpResponse<InputStream> response) {
      this.response = response;
      thread.start();
    }

    private void read() {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.add(line);
        }
      } catch (IOException ended) {
        lines.add("broken");
      }
    }

    boolean hasEnded() {
      return !thread.isAlive();
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  private Lines watch(String query, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("https://localhost:" + http.port() + "/api/v1/tail" + query))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpResponse<InputStream> response =
        HttpClient.newBuilder()
            .sslContext(http.tls())
            .build()
            .send(request, BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    Lines lines = new Lines(response);
    await().atMost(PATIENCE).until(() -> !lines.lines.isEmpty());
    return lines;
  }

  private static TailItem usage(String app, long seq) {
    return new TailItem.Usage(
        Instant.parse("2026-10-10T10:30:00.123Z"),
        STREAM,
        seq,
        "gateway-1",
        app,
        "k_1",
        "llm",
        "line\nbreak",
        new BigDecimal("1E+2"),
        "{\"region\":\"eu\"}",
        EventDetails.NONE,
        null);
  }

  private static TailItem refused() {
    return new TailItem.Rejected(Instant.EPOCH, STREAM, 7, "gateway-1", "TOO_OLD", "too old");
  }

  @Test
  void tail_whatIsOffered_comesAsEventsWithNames() throws Exception {
    try (Lines all = watch("", http.readToken())) {
      http.tail().offer(List.of(usage("acme", 1), refused()));

      await().atMost(PATIENCE).until(() -> all.lines.contains("event: rejected"));
      await().atMost(PATIENCE).until(() -> all.lines.stream().anyMatch(l -> l.contains("TOO_OLD")));
      int at = all.lines.indexOf("event: usage");
      assertThat(all.lines.get(at + 1))
          .isEqualTo(
              "data: {\"occurredAt\":\"2026-10-10T10:30:00.123Z\",\"stream\":\""
                  + STREAM
                  + "\",\"seq\":1,\"instance\":\"gateway-1\",\"appId\":\"acme\",\"keyId\":\"k_1\","
                  + "\"module\":\"llm\",\"model\":\"line\\nbreak\",\"usage\":\"100\","
                  + "\"metadata\":{\"region\":\"eu\"}}");
      assertThat(all.lines.get(at + 2)).isEmpty();
      checkEvents(all.lines);
    }
  }

  /** Holds each event against the document. */
  private void checkEvents(List<String> lines) {
    Operation tail =
        Operation.all().stream().filter(Operation::isStreamed).findFirst().orElseThrow();
    for (int i = 0; i + 1 < lines.size(); i++) {
      if (lines.get(i).startsWith("event: ")) {
        http.contract()
            .checkEvent(
                tail, lines.get(i).substring("event: ".length()), lines.get(i + 1).substring(6));
      }
    }
  }

  @Test
  void tail_tokenOfAnApp_seesItsOwnAndNothingRefused() throws Exception {
    http.world().execute("INSERT INTO app (app_id, name) VALUES ('acme', 'Acme')");
    try (Lines own = watch("", http.token(Scope.READ, "acme"))) {
      http.tail().offer(List.of(usage("other", 1), refused(), usage("acme", 2)));

      await().atMost(PATIENCE).until(() -> own.lines.stream().anyMatch(l -> l.contains("seq")));
      assertThat(own.lines.toString()).contains("\"seq\":2").doesNotContain("other", "rejected");
    }
    assertThat(
            http.send("GET", "/api/v1/tail?appId=other", http.token(Scope.READ, "acme"), null)
                .status())
        .isEqualTo(404);
  }

  @Test
  void tail_tokenRevoked_ends() throws Exception {
    http.world().execute("INSERT INTO app (app_id, name) VALUES ('acme', 'Acme')");
    Tokens tokens = new Tokens(http.database());
    NewToken token =
        tokens.create(HttpTestbed.TESTER, "tester", Scope.READ, null, Duration.ofHours(1));
    try (Lines all = watch("", token.text())) {
      tokens.revoke(HttpTestbed.TESTER, token.tokenId());

      await().atMost(PATIENCE).until(all::hasEnded);
    }
  }

  @Test
  void tail_quiet_saysThatItIsThere_andClosesWithTheServer() throws Exception {
    try (Lines all = watch("", http.readToken())) {
      await().atMost(PATIENCE).until(() -> all.lines.contains(": still here"));
      long begun = System.nanoTime();
      http.close();
      await().atMost(PATIENCE).until(all::hasEnded);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void tail_asManyAsItServes_theNextIsToldToComeLater_andThoseThatGoMakeRoom() throws Exception {
    for (int i = 1; i < LiveTail.PLACES; i++) {
      assertThat(http.tail().subscribe(TailFilter.ALL)).isPresent();
    }
    try (Lines last = watch("", http.readToken())) {
      HttpTestbed.Reply refused = http.get("/api/v1/tail");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.json().path("type").asText()).isEqualTo("/problems/busy");
      assertThat(last.hasEnded()).isFalse();
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(http.tail().subscribe(TailFilter.ALL)).isPresent());
  }

  @Test
  void tail_head_isAnsweredWithoutABody() {
    assertThat(http.send("HEAD", "/api/v1/tail", http.readToken(), null).status()).isEqualTo(200);
  }
}
