package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.access.Tokens.NewToken;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.http.HttpSettings.RequestLimits;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asks too often, over HTTP; the time of the limits stands still unless it is moved. */
@Tag("postgres")
class ThrottleTest {
  private static final int A_SECOND = 4;
  private static final int FAILED = 3;

  @TempDir Path directory;

  private final AtomicLong nanos = new AtomicLong();
  private HttpTestbed http;

  @BeforeEach
  void start() {
    http = new HttpTestbed(directory, new RequestLimits(A_SECOND, FAILED), nanos::get);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private Reply get(String token) {
    return http.send("GET", "/api/v1/apps", token, null);
  }

  /** Of nobody. */
  private static String madeUp(int number) {
    return "bt_" + "x".repeat(40) + number;
  }

  private static void assertRefused(Reply reply, String retryAfter, String expected) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(429);
    assertThat(reply.contentType()).startsWith(Problem.CONTENT_TYPE);
    assertThat(reply.json().path("type").asText()).isEqualTo("/problems/too-many-requests");
    assertThat(reply.json().path("field").asText()).isEqualTo("Authorization");
    assertThat(reply.json().path("expected").asText()).isEqualTo(expected);
    assertThat(reply.header("Retry-After")).contains(retryAfter);
  }

  private void exhaustLogins() {
    for (int i = 0; i < FAILED; i++) {
      assertThat(get(madeUp(i)).status()).isEqualTo(401);
    }
  }

  @Test
  void requests_tooManyWithOneToken_areRefusedUntilTheTimeItIsTold() throws SQLException {
    for (int i = 0; i < A_SECOND; i++) {
      assertThat(get(http.readToken()).status()).isEqualTo(200);
    }
    assertRefused(get(http.readToken()), "1", "at most 4 of them a second with one token");
    // Another token of the same operator and address is another caller.
    assertThat(get(http.token(Scope.READ, null)).status()).isEqualTo(200);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(get(http.readToken()).status()).isEqualTo(200);
  }

  /** A token that was revoked meanwhile is not known to be, since nobody was asked. */
  @Test
  void requests_tooManyWithOneToken_doNotAskTheDatabase() throws SQLException {
    Tokens tokens = new Tokens(http.database());
    NewToken made =
        tokens.create(HttpTestbed.TESTER, "tester", Scope.READ, null, Duration.ofHours(1));
    for (int i = 0; i < A_SECOND; i++) {
      assertThat(get(made.text()).status()).isEqualTo(200);
    }
    tokens.revoke(HttpTestbed.TESTER, made.tokenId());
    assertThat(get(made.text()).status()).isEqualTo(429);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(get(made.text()).status()).isEqualTo(401);
  }

  @Test
  void change_refused_isNotMade() throws SQLException {
    for (int i = 0; i < A_SECOND; i++) {
      get(http.writeToken());
    }
    Reply refused = http.send("POST", "/api/v1/apps", "{\"appId\":\"acme\"}");
    assertRefused(refused, "1", "at most 4 of them a second with one token");
    assertThat(http.world().count("SELECT count(*) FROM app")).isZero();
  }

  @Test
  void tokens_wrongTooOften_areNotLookedAtAnyMore() throws SQLException {
    exhaustLogins();
    assertRefused(get(madeUp(9)), "20", "at most 3 of them a minute from one address");
    // One that is good but was not seen here yet cannot be told from a guess without looking.
    assertThat(get(http.token(Scope.READ, null)).status()).isEqualTo(429);
    nanos.addAndGet(Duration.ofSeconds(20).toNanos());
    assertThat(get(madeUp(10)).status()).isEqualTo(401);
    assertThat(get(madeUp(11)).status()).isEqualTo(429);
  }

  @Test
  void token_goodNotLongAgo_isNotLockedOutByOthersAtItsAddress() {
    assertThat(get(http.readToken()).status()).isEqualTo(200);
    exhaustLogins();
    assertThat(get(madeUp(9)).status()).isEqualTo(429);
    assertThat(get(http.readToken()).status()).isEqualTo(200);
  }

  @Test
  void token_revoked_countsAsAnyOtherThatIsNotGood() throws SQLException {
    Tokens tokens = new Tokens(http.database());
    Actor actor = HttpTestbed.TESTER;
    NewToken made = tokens.create(actor, "tester", Scope.READ, null, Duration.ofHours(1));
    assertThat(get(made.text()).status()).isEqualTo(200);
    tokens.revoke(actor, made.tokenId());
    for (int i = 0; i < FAILED; i++) {
      assertThat(get(made.text()).status()).isEqualTo(401);
    }
    assertThat(get(made.text()).status()).isEqualTo(429);
  }

  @Test
  void health_isNeverRefused_andNoTokenIsNoFailure() {
    for (int i = 0; i < 3 * FAILED; i++) {
      assertThat(http.send("GET", "/api/v1/apps", null, null).status()).isEqualTo(401);
    }
    exhaustLogins();
    for (int i = 0; i < 3 * A_SECOND; i++) {
      assertThat(http.send("GET", "/api/v1/health/live", null, null).status()).isEqualTo(200);
    }
  }

  @Test
  void refusals_areCountedByLimit() {
    assertThat(get(http.readToken()).status()).isEqualTo(200);
    exhaustLogins();
    assertThat(get(madeUp(9)).status()).isEqualTo(429);
    // The first of the second was before.
    for (int i = 0; i < A_SECOND + 1; i++) {
      get(http.readToken());
    }
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    String metrics = http.get("/metrics").body();
    assertThat(metrics)
        .contains("billing_http_throttled_total{limit=\"failed-logins\"} 1.0")
        .contains("billing_http_throttled_total{limit=\"requests\"} 2.0");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7,192.0.2.7",
    "[2001:db8:0:1:2:3:4:5],2001:db8:0:1",
    "2001:db8:0:1:0:0:0:9%eth0,2001:db8:0:1"
  })
  void network_ofVersion6_isTheHalfOfTheAddress(String address, String network) {
    assertThat(Throttle.network(address)).isEqualTo(network);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1000001,1", "1,0", "-1,1", "1,1000001"})
  void limits_outOfBounds_areRefusedByName(int requests, int logins) {
    Assertions.assertThatExceptionOfType(ServerException.class)
        .isThrownBy(() -> new RequestLimits(requests, logins))
        .withMessageMatching("http-.* must be a whole number from 1 to 1000000");
  }
}
