package io.billingsdk.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.Apps;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of the whole API, whatever the route. */
@Tag("postgres")
class HttpApiTest {
  @TempDir static Path directory;

  private static HttpTestbed http;

  @BeforeAll
  static void start() throws SQLException {
    http = new HttpTestbed(directory);
    for (int i = 0; i < 5; i++) {
      new Apps(http.database(), HttpTestbed.TESTER).create("app-" + i, "App " + i);
    }
  }

  @AfterAll
  static void stop() {
    http.close();
  }

  private static void assertProblem(Reply reply, int status, String field) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.contentType()).startsWith(Problem.CONTENT_TYPE);
    assertThat(reply.json().path("status").asInt()).isEqualTo(status);
    assertThat(reply.json().path("field").asText()).isEqualTo(field);
    assertThat(reply.json().path("type").asText()).startsWith("/problems/");
    assertThat(reply.body()).doesNotContain("Exception", "\\tat ", "io.billingsdk");
  }

  @Test
  void health_ofAServerThatIsUp_isReadyWithoutAToken() {
    assertThat(http.send("GET", "/api/v1/health/live", null, null).status()).isEqualTo(200);
    Reply ready = http.send("GET", "/api/v1/health/ready", null, null);
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.json().path("database").asText()).isEqualTo("up");
  }

  @Test
  void health_withoutABroker_isNotReady_butAlive() {
    http.setUp(false);
    try {
      Reply ready = http.send("GET", "/api/v1/health/ready", null, null);
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.json().path("broker").asText()).isEqualTo("down");
      assertThat(http.send("GET", "/api/v1/health/live", null, null).status()).isEqualTo(200);
    } finally {
      http.setUp(true);
    }
  }

  /** As with a full disk: it answers, and what comes is not stored. */
  @Test
  void health_ofADatabaseThatTakesNoWrite_isNotReady_butTheDatabaseIsUp() throws Exception {
    DatabaseAddress owner = http.world().owner();
    try (Connection lock =
            DriverManager.getConnection(owner.url(), owner.user(), owner.password());
        Statement statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("LOCK TABLE write_probe IN ACCESS EXCLUSIVE MODE");
      Reply ready = await().until(HttpApiTest::ready, reply -> reply.status() == 503);
      assertThat(ready.json().path("status").asText()).isEqualTo("down");
      assertThat(ready.json().path("storage").asText()).isEqualTo("down");
      assertThat(ready.json().path("database").asText()).isEqualTo("up");
      lock.rollback();
    }
    await().until(HttpApiTest::ready, reply -> reply.status() == 200);
  }

  private static Reply ready() {
    return http.send("GET", "/api/v1/health/ready", null, null);
  }

  @Test
  void list_byPages_givesEachOnce() {
    List<String> seen = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      Reply page = http.get("/api/v1/apps?limit=2" + cursor);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      page.json().path("items").forEach(app -> seen.add(app.path("appId").asText()));
      String next = page.json().path("next").asText();
      cursor = next.isEmpty() ? "" : "&cursor=" + next;
      pages++;
    } while (!cursor.isEmpty());
    assertThat(seen).containsExactly("app-0", "app-1", "app-2", "app-3", "app-4");
    assertThat(pages).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,limit",
    "limit=1001,limit",
    "limit=ten,limit",
    "limit=99999999999999999999,limit",
    "cursor=x,cursor",
    "cursor=WyJvdGhlciIsImEiXQ,cursor",
    "limt=5,limt",
    "limit=1&limit=2,limit",
    "cursor=%00,cursor",
    "cursor=%C3%28,cursor"
  })
  void parameters_thatAreWrong_areNamed(String query, String field) {
    assertProblem(http.get("/api/v1/apps?" + query), 400, field);
  }

  @Test
  void caller_withoutAGoodToken_isRefused() {
    String good = http.readToken();
    for (String token :
        new String[] {"", "x", "bt_x", good.substring(0, good.length() - 1), good + "x"}) {
      Reply refused = http.send("GET", "/api/v1/apps", token, null);
      assertProblem(refused, 401, "Authorization");
      assertThat(refused.header("WWW-Authenticate")).isPresent();
      assertThat(refused.body()).doesNotContain(good.substring(10, 30));
    }
    assertProblem(http.send("GET", "/api/v1/apps", null, null), 401, "Authorization");
    assertProblem(
        http.send("GET", "/api/v1/apps", null, null, "Authorization", "Basic eDp5"),
        401,
        "Authorization");
  }

  @Test
  void head_withoutAToken_isRefusedAsGetIs() {
    assertThat(http.send("HEAD", "/api/v1/apps", null, null).status()).isEqualTo(401);
    Reply head = http.send("HEAD", "/api/v1/apps", http.readToken(), null);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void tokenOfAnApp_onTheListOfAll_isRefused() throws SQLException {
    String token = http.token(Scope.READ, "app-1");
    assertProblem(http.send("GET", "/api/v1/apps", token, null), 403, "Authorization");
  }

  @Test
  void path_orMethod_thatIsNotThere_isAProblem() {
    assertProblem(http.get("/api/v1/nothing"), 404, "path");
    assertProblem(http.get("/nothing"), 404, "path");
    assertProblem(http.send("DELETE", "/api/v1/health/live", "{}"), 405, "method");
    assertProblem(http.send("OPTIONS", "/api/v1/apps", "{}"), 405, "method");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /api/v1/keys/%00/expire HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        "GET /api/v1/..;/apps HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%2e%2e/apps HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/v1/apps HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /api/v1/apps HTTP/1.1\r\n\r\n",
        "POST /api/v1/apps HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v1/apps HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        "GET /api/v1/apps HTTP/9.9\r\nHost: x\r\n\r\n",
        "BREW /api/v1/apps HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      })
  void request_thatIsNoHttp_isRefusedWithoutAStackTrace(String request) {
    String answer = raw(request);
    assertThat(answer).matches("(?s)HTTP/1.1 (4[0-9][0-9]|505) .*");
    assertThat(answer).contains(Problem.CONTENT_TYPE, "\"field\"");
    // It has ended: who was not told would send the next request on it.
    assertThat(answer).containsIgnoringCase("\r\nConnection: close\r\n");
    assertThat(answer).doesNotContain("Exception", "\tat ", "<html", "Jetty");
  }

  @Test
  void headers_thatAreTooLarge_areRefused() {
    String answer =
        raw("GET /api/v1/apps HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 431 .*").contains(Problem.CONTENT_TYPE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/live.css",
        "/live.js",
        "/docs",
        "/docs/start.js",
        "/docs/swagger-ui.css",
        "/docs/swagger-ui-bundle.js",
      })
  void pages_areServedWithAPolicy(String path) {
    Reply page = http.send("GET", path, null, null);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).isNotEmpty();
    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self';")
        .satisfies(
            policy -> assertThat(policy.contains("unsafe")).isEqualTo(path.startsWith("/docs")));
  }

  @Test
  void document_isServedInBothForms() {
    Reply yaml = http.send("GET", "/api/v1/openapi.yaml", null, null);
    assertThat(yaml.body()).startsWith("openapi: 3.1");
    Reply json = http.send("GET", "/api/v1/openapi.json", null, null);
    assertThat(json.json()).isEqualTo(Operation.document());
  }

  private static String raw(String request) {
    try (RawHttp raw = new RawHttp(http)) {
      raw.write(request.getBytes(ISO_8859_1));
      return raw.answer().text();
    }
  }
}
