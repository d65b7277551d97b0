package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.access.Tokens.NewToken;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.Proof;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each request that lasts, of all routes that there are, ends when its caller may no more. */
@Tag("postgres")
@Timeout(180)
class RightsEndTest {
  private static final Duration PROMISED = Duration.ofSeconds(5);

  @TempDir Path directory;

  private HttpTestbed http;
  private String line;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    admin.createApp("acme", "Acme");
    String keyId = admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId();
    line = "{\"keyId\":\"" + keyId + "\",\"module\":\"m\",\"model\":\"n\",\"usage\":1}\n";
  }

  @AfterEach
  void stop() {
    http.close();
  }

  /** How a right ends. */
  private enum Ending {
    REVOKED,
    EXPIRED,
    DISABLED
  }

  private void end(Ending how, NewToken token, String operator) throws SQLException {
    switch (how) {
      case REVOKED -> new Tokens(http.database()).revoke(HttpTestbed.TESTER, token.tokenId());
      case EXPIRED ->
          http.world()
              .execute(
                  "UPDATE access_token SET expires_at = now() - interval '1 second'"
                      + " WHERE token_id = '"
                      + token.tokenId()
                      + "'");
      case DISABLED -> new Operators(http.database(), HttpTestbed.TESTER).disable(operator);
    }
  }

  private long stored() throws SQLException {
    return http.world().count("SELECT count(*) FROM usage_event");
  }

  /** A request, with lines that come as long as it takes them. */
  private RawHttp opened(Route route, String token) {
    RawHttp raw = new RawHttp(http);
    boolean sends = !route.method().equals("GET");
    String head =
        route.method()
            + " "
            + route.path()
            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\n"
            + (sends ? "Transfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\n" : "")
            + "\r\n";
    raw.write(head.getBytes(StandardCharsets.US_ASCII));
    assertThat(raw.until("\r\n\r\n")).as(route.path()).startsWith("HTTP/1.1 200");
    if (sends) {
      raw.chunk(line);
      assertThat(raw.until("{\"through\":1}\n")).contains("through");
    }
    return raw;
  }

  private Thread sender(RawHttp raw, AtomicBoolean enough) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!enough.get()) {
                  raw.chunk(line);
                }
              } catch (UncheckedIOException ended) {
                enough.set(true);
              }
            },
            "sends-on");
    thread.setDaemon(true);
    return thread;
  }

  private long sendOne() throws SQLException {
    long before = stored();
    http.send("POST", "/api/v1/events", line.strip());
    return stored() - before;
  }

  @Test
  void requestsThatLast_whenTheirRightsEnd_endWithinSeconds_andStoreNothingAfterwards()
      throws Exception {
    // Who holds a token of a feature is looked at by the feature.
    List<Route> lasting =
        http.routes().stream()
            .filter(route -> route.places() != null && route.access() != RequiredScope.HOLDER)
            .toList();
    assertThat(lasting).extracting(Route::path).contains("/api/v1/tail", "/api/v1/events/stream");
    List<Long> millis = new ArrayList<>();
    long after = 0;
    for (Route route : lasting) {
      for (Ending each : Ending.values()) {
        for (boolean busy : sends(route) ? new boolean[] {false, true} : new boolean[] {false}) {
          String operator = "of-" + lasting.indexOf(route) + "-" + each + "-" + busy;
          new Operators(http.database(), HttpTestbed.TESTER).create(operator);
          NewToken token =
              new Tokens(http.database())
                  .create(HttpTestbed.TESTER, operator, Scope.WRITE, null, Duration.ofHours(1));
          try (RawHttp raw = opened(route, token.text())) {
            AtomicBoolean enough = new AtomicBoolean(!busy);
            Thread sender = sender(raw, enough);
            sender.start();
            end(each, token, operator);
            long since = System.nanoTime();
            String said = raw.untilItsEnd();
            millis.add(Duration.ofNanos(System.nanoTime() - since).toMillis());
            long ended = stored();
            enough.set(true);
            sender.join();
            // A round trip of somebody else comes after all that could still be stored.
            after += sendOne() - 1 + stored() - ended - 1;
            assertThat(said).as("%s %s", route.path(), each).contains(reason(each));
          }
        }
      }
    }
    Proof.of("rights-end")
        .with("routes", lasting.size())
        .with("endings", Arrays.toString(Ending.values()))
        .with("requests", millis.size())
        .with("ended_after_ms_max", millis.stream().mapToLong(Long::longValue).max().orElse(0))
        .with("stored_after_the_end", after)
        .print();
    assertThat(after).isZero();
    assertThat(millis).allSatisfy(each -> assertThat(each).isLessThan(2 * PROMISED.toMillis()));
  }

  private static boolean sends(Route route) {
    return !route.method().equals("GET");
  }

  private static String reason(Ending each) {
    return switch (each) {
      case REVOKED -> "the token was revoked";
      case EXPIRED -> "the token expired at";
      case DISABLED -> "the operator of the token is disabled";
    };
  }

  @Test
  void change_whoseTokenIsRevokedWhileItsBodyComes_isNotMade() throws Exception {
    NewToken token =
        new Tokens(http.database())
            .create(HttpTestbed.TESTER, "tester", Scope.WRITE, null, Duration.ofHours(1));
    String body = "{\"appId\":\"late\",\"name\":\"Late\"}";
    try (RawHttp raw = new RawHttp(http)) {
      String head =
          "POST /api/v1/apps HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization:"
              + " Bearer "
              + token.text()
              + "\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body.substring(0, 5);
      raw.write(head.getBytes(StandardCharsets.US_ASCII));
      long sent = System.nanoTime();
      new Tokens(http.database()).revoke(HttpTestbed.TESTER, token.tokenId());
      await().until(() -> System.nanoTime() - sent > Duration.ofMillis(1_500).toNanos());
      raw.write(body.substring(5).getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.answer().status()).isEqualTo(401);
    }
    assertThat(http.get("/api/v1/apps/late").status()).isEqualTo(404);
  }
}
