package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.HttpSettings.RequestLimits;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.tail.LiveTail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers who are slow, or many, or ask for what needs no token: they harm nobody. */
@Tag("postgres")
@Timeout(120)
class SlowCallersTest {
  /** Places of the live tail, as docs/http-api.md says. */
  private static final int OF_TOKEN = 10;

  private static final int OF_APP = 20;

  private static final int OPEN = 5;
  private static final int STREAMS = 70;
  private static final int STRANGERS = 20;
  private static final RequestLimits FEW =
      new RequestLimits(1_000, 1_000, OPEN, STREAMS, 1_000_000, STRANGERS);

  @TempDir Path directory;

  private final List<RawHttp> open = new ArrayList<>();
  private @Nullable HttpTestbed started;

  private static final StreamTiming SHORT =
      new StreamTiming(Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofHours(1));

  private void start(RequestLimits limits) {
    started = new HttpTestbed(directory, limits, System::nanoTime);
  }

  private void startWithShortTimes(RequestLimits limits) {
    started = new HttpTestbed(directory, SHORT, limits, System::nanoTime);
  }

  @AfterEach
  void stop() {
    open.forEach(RawHttp::close);
    http().close();
  }

  private HttpTestbed http() {
    return Objects.requireNonNull(started);
  }

  private RawHttp begun(String request) {
    RawHttp raw = new RawHttp(http());
    open.add(raw);
    raw.write(request.getBytes(StandardCharsets.US_ASCII));
    return raw;
  }

  private static String post(String path, String token, String headers) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\n"
        + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
        + headers
        + "\r\n";
  }

  private void assertServed() {
    assertThat(http().send("GET", "/api/v1/health/live", null, null).status()).isEqualTo(200);
    assertThat(http().send("GET", "/api/v1/health/ready", null, null).status()).isEqualTo(200);
    assertThat(http().get("/api/v1/apps").status()).isEqualTo(200);
  }

  @Test
  void bodiesThatDoNotCome_ofStrangers_areAnsweredAtOnce_andHoldUpNobody() {
    start(RequestLimits.DEFAULT);
    for (int i = 0; i < 100; i++) {
      var unused = begun(post("/api/v1/events", "", "Content-Length: 1000\r\n") + "{\"slow\":");
    }
    assertServed();
    // Refused, told that the connection ends, and not waited for.
    assertThat(open.get(0).answer().text())
        .startsWith("HTTP/1.1 401")
        .containsIgnoringCase("connection: close");
  }

  @Test
  void signedBodiesThatDoNotCome_ofStrangers_leaveRoomForWhoHasAToken() {
    start(RequestLimits.DEFAULT);
    String head = post("/api/v1/provider-events/stripe", "", "Content-Length: 262144\r\n");
    for (int i = 0; i < 64; i++) {
      var unused = begun(head + "{\"slow\":");
    }
    await().untilAsserted(() -> assertThat(begun(head).answer().text()).startsWith("HTTP/1.1 503"));
    assertThat(http().send("POST", "/api/v1/apps", "{\"appId\":\"a\",\"name\":\"A\"}").status())
        .isEqualTo(201);
    assertServed();
  }

  @Test
  void bodyThatComesTooSlowly_isRefusedWith408_andSaysHowFast() throws SQLException {
    startWithShortTimes(FEW);
    String token = http().token(Scope.INTAKE, null);
    RawHttp slow = begun(post("/api/v1/events", token, "Content-Length: 1000\r\n") + "{");
    assertThat(slow.answer().text())
        .startsWith("HTTP/1.1 408")
        .contains("/problems/too-slow", "at least 1000000 bytes a second");
  }

  @Test
  void refusal_ofABodyThatComesSoon_leavesTheConnection() {
    start(RequestLimits.DEFAULT);
    RawHttp raw = begun(post("/api/v1/events", "", "Content-Length: 2\r\n") + "{}");
    assertThat(raw.until("\r\n\r\n"))
        .startsWith("HTTP/1.1 401")
        .doesNotContainIgnoringCase("connection: close");
  }

  @Test
  void refusal_ofWhoAsksBeforeTheySend_doesNotAskForTheBody() {
    start(RequestLimits.DEFAULT);
    RawHttp raw =
        begun(post("/api/v1/events", "", "Content-Length: 9000\r\nExpect: 100-continue\r\n"));
    assertThat(raw.answer().text()).startsWith("HTTP/1.1 401").doesNotContain("HTTP/1.1 100");
  }

  @Test
  void body_ofWhoAsksBeforeTheySend_isAskedFor() throws SQLException {
    start(RequestLimits.DEFAULT);
    String token = http().token(Scope.INTAKE, null);
    RawHttp raw =
        begun(
            post(
                "/api/v1/events",
                token,
                String.join(
                    "\r\n",
                    "Content-Type: application/json",
                    "Content-Length: 2",
                    "Connection: close",
                    "Expect: 100-continue",
                    "")));
    assertThat(raw.until("\r\n\r\n")).startsWith("HTTP/1.1 100");
    raw.write("{}".getBytes(StandardCharsets.US_ASCII));
    assertThat(raw.answer().text()).contains("HTTP/1.1 400");
  }

  @Test
  void streamsThatAreIdle_holdUpNobody_andAreBoundedByToken() throws SQLException {
    start(FEW);
    String token = http().token(Scope.INTAKE, null);
    String head = "Transfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\n";
    for (int i = 0; i < STREAMS; i++) {
      assertThat(begun(post("/api/v1/events/stream", token, head)).until("\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
    }
    assertServed();
    RawHttp oneMore = begun(post("/api/v1/events/stream", token, head));
    assertThat(oneMore.until("\"}"))
        .startsWith("HTTP/1.1 429")
        .containsIgnoringCase("retry-after: ")
        .contains("at most " + STREAMS + " at once with one token");
    String other = http().token(Scope.INTAKE, null);
    assertThat(begun(post("/api/v1/events/stream", other, head)).until("\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    open.get(0).close();
    // Who has gone makes room.
    await()
        .untilAsserted(
            () ->
                assertThat(begun(post("/api/v1/events/stream", token, head)).until("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200"));
  }

  @Test
  void liveTail_ofTheTokensOfApps_leavesPlacesForOthers() throws SQLException {
    start(RequestLimits.DEFAULT);
    int refused = 0;
    for (int app = 0; app * OF_APP <= LiveTail.PLACES * 3 / 4; app++) {
      http().world().execute("INSERT INTO app (app_id, name) VALUES ('a" + app + "', 'A')");
      for (int token = 0; token < 3; token++) {
        String of = http().token(Scope.READ, "a" + app);
        for (int i = 0; i < OF_TOKEN; i++) {
          refused += tail(of).startsWith("HTTP/1.1 429") ? 1 : 0;
        }
      }
      assertThat(refused).as("one app has no more than its own").isPositive();
    }
    assertThat(tail(http().readToken())).startsWith("HTTP/1.1 200");
  }

  private String tail(String token) {
    return begun(
            "GET /api/v1/tail HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token
                + "\r\n\r\n")
        .until("\r\n\r\n");
  }

  @Test
  void whatNeedsNoToken_tooOften_isRefused_andHealthIsCountedApart() {
    start(FEW);
    @Nullable Reply last = null;
    for (int i = 0; i <= 10 * OPEN && (last == null || last.status() != 429); i++) {
      last = http().send("GET", "/api/v1/openapi.yaml", null, null);
    }
    Reply refusal = Objects.requireNonNull(last);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.header("Retry-After")).contains("1");
    assertThat(refusal.json().path("field").asText()).isEqualTo("address");
    assertThat(http().send("GET", "/api/v1/health/live", null, null).status()).isEqualTo(200);
    assertThat(http().get("/api/v1/apps").status()).isEqualTo(200);
    int refused = 0;
    for (int i = 0; i <= 10 * OPEN && refused == 0; i++) {
      refused = http().send("GET", "/api/v1/health/live", null, null).status() == 429 ? 1 : 0;
    }
    assertThat(refused).isEqualTo(1);
  }

  @Test
  void connectionsOfStrangers_beyondTheBound_giveWayToTheNewest_andKnownOnesStay()
      throws SQLException {
    start(FEW);
    String head = "Transfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\n";
    RawHttp known = begun(post("/api/v1/events/stream", http().token(Scope.INTAKE, null), head));
    assertThat(known.until("\r\n\r\n")).startsWith("HTTP/1.1 200");
    RawHttp first = begun("GET /api/v1/apps HTTP/1.1\r\n");
    for (int i = 0; i < 2 * STRANGERS; i++) {
      var unused = begun("GET /api/v1/apps HTTP/1.1\r\n");
    }
    assertThat(first.answer().text()).isEmpty();
    assertServed();
    known.chunk("{}\n");
    assertThat(known.until("{\"through\":1}\n")).contains("through");
  }

  @Test
  void headThatDoesNotCome_endsItsConnection() {
    startWithShortTimes(RequestLimits.DEFAULT);
    RawHttp slow = begun("GET /api/v1/apps HTTP/1.1\r\n");
    assertThat(slow.answer().text()).isEmpty();
    assertServed();
  }
}
