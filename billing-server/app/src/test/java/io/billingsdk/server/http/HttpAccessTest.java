package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.http.RequestMaker.MadeRequest;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.UsageEvents;
import io.billingsdk.server.ledger.UsageEvents.PageQuery;
import io.billingsdk.server.notifications.LinkTokens;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over every operation of the document: who may not, cannot, and nothing is changed by trying. */
@Tag("postgres")
class HttpAccessTest {
  /** Young enough to be taken, whenever this runs. */
  private final Instant used =
      Instant.now().minus(Duration.ofDays(60)).truncatedTo(ChronoUnit.HOURS);

  private static final String OWN = "own-app";
  private static final String OTHER = "other-app-4711";
  private static final String OWN_MODULE = "own-module";
  private static final int ROUNDS = 6;

  /** All that a request could change. */
  private static final List<String> TABLES =
      List.of(
          "app",
          "api_key",
          "key_table",
          "key_change",
          "operator",
          "access_token",
          "audit_log",
          "attribution",
          "usage_event",
          "correction",
          "replay",
          "rejected_event",
          "webhook_endpoint",
          "mail_recipient",
          "provider_event",
          "statistics_profile",
          "statistics_key",
          "statistics_link",
          "statistics_event",
          "statistics_total",
          "http_answer");

  @TempDir Path directory;

  private HttpTestbed http;
  private String ownKey = "";
  private String otherKey = "";
  private String link = "";
  private final List<String> dead = new ArrayList<>();
  private int requests;
  private int ownShown;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    admin.createApp(OWN, "Own");
    admin.createApp(OTHER, "Other");
    ownKey = admin.create(OWN, KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId();
    otherKey = admin.create(OTHER, KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId();
    use(ownKey, OWN_MODULE);
    use(otherKey, OTHER + "-module");
    correctAll();
    dead.addAll(deadTokens());
    link = usedLink();
    LedgerRows.addTo(http.world());
  }

  /** Of a link that was followed: to follow it again changes nothing. */
  private String usedLink() {
    String recipient =
        http.send("POST", "/api/v1/notifications/recipients", "{\"address\":\"a@example.com\"}")
            .json()
            .path("recipientId")
            .asText();
    String token = LinkTokens.of(http.secrets(), recipient);
    String path = "/api/v1/notifications/unsubscribe?token=" + token;
    assertThat(http.send("POST", path, null, null).status()).isEqualTo(200);
    return token;
  }

  /** Usage within the times that are asked for. */
  private void use(String keyId, String module) {
    for (String time : List.of(Instant.now().toString(), used.toString())) {
      Reply stored =
          http.send(
              "POST",
              "/api/v1/events",
              """
              {"keyId":"%s","module":"%s","model":"m","usage":1,"occurredAt":"%s",
               "metadata":{"region":"eu"}}
              """
                  .formatted(keyId, module, time));
      assertThat(stored.status()).as(stored.body()).isEqualTo(201);
    }
  }

  /** So that there are corrections of both apps. */
  private void correctAll() throws SQLException {
    UsageEvents events = new UsageEvents(http.database());
    for (UsageEvents.StoredEvent each :
        events.page(new PageQuery(EventFilter.ALL, used, used.plusSeconds(1), null, 10)).events()) {
      var unused =
          new Corrections(http.database(), HttpTestbed.TESTER, LedgerAppender.withoutHooks())
              .correct(
                  new EventRef(each.stream(), each.seq(), each.occurredAt()),
                  BigDecimal.TEN,
                  OTHER.equals(each.app()) ? "of " + OTHER : "of " + OWN_MODULE);
    }
  }

  @AfterEach
  void stop() {
    http.close();
  }

  /** Each was good once, to write. */
  private List<String> deadTokens() throws SQLException {
    Tokens tokens = new Tokens(http.database());
    Operators operators = new Operators(http.database(), HttpTestbed.TESTER);
    operators.create("gone");
    Duration hour = Duration.ofHours(1);
    var expired = tokens.create(HttpTestbed.TESTER, "tester", Scope.WRITE, null, hour);
    var revoked = tokens.create(HttpTestbed.TESTER, "tester", Scope.WRITE, null, hour);
    var disabled = tokens.create(HttpTestbed.TESTER, "gone", Scope.WRITE, null, hour);
    tokens.revoke(HttpTestbed.TESTER, revoked.tokenId());
    operators.disable("gone");
    http.world()
        .execute(
            "UPDATE access_token SET expires_at = now() - interval '1 second' WHERE token_id = '"
                + expired.tokenId()
                + "'");
    return List.of(expired.text(), revoked.text(), disabled.text(), "bt_never", "");
  }

  @Test
  void whoMayNot_cannot_whateverTheRoute() throws SQLException {
    long seed = Long.getLong("http.access.seed", System.nanoTime());
    System.out.println("http-access seed=" + seed);
    Random random = new Random(seed);
    String appToken = http.token(Scope.READ, OWN);
    String intakeToken = http.token(Scope.INTAKE, null);
    String before = state();
    int open = 0;
    for (Operation operation : Operation.all()) {
      open += operation.isPublic() ? 1 : 0;
      if (operation.isSigned()) {
        withoutASignature(operation, random);
        continue;
      }
      if (operation.isHolder()) {
        withoutATokenOfAHolder(operation, random);
        continue;
      }
      // A stream keeps its place for some seconds after whoever watched has gone; there are few.
      int rounds = operation.isStreamed() ? 3 : ROUNDS;
      for (int round = 0; round < rounds; round++) {
        withoutAGoodToken(operation, random);
        withATokenToRead(operation, random);
        withATokenOfAnApp(operation, random, appToken);
        withATokenToSend(operation, random, intakeToken);
      }
    }
    assertThat(state()).isEqualTo(before);
    assertThat(ownShown).as("what hides everything hides the others too").isPositive();
    Proof.of("http-access")
        .with("operations", Operation.all().size())
        .with("public", open)
        .with("requests", requests)
        .with("allowed_wrongly", 0)
        .with("changed", 0)
        .with("own_usage_shown", ownShown)
        .with("seed", seed)
        .print();
  }

  private void withoutAGoodToken(Operation operation, Random random) {
    MadeRequest made = valid(operation, random, OTHER, otherKey);
    if (operation.isPublic()) {
      assertThat(send(operation, made, null).status()).as(operation.line()).isLessThan(400);
      return;
    }
    assertThat(send(operation, made, null).status()).as(operation.line()).isEqualTo(401);
    String token = dead.get(random.nextInt(dead.size()));
    assertThat(send(operation, made, token).status()).as(operation.line()).isEqualTo(401);
  }

  /** No token stands in for it. */
  private void withoutASignature(Operation operation, Random random) {
    List<@Nullable String> tokens = new ArrayList<>(dead);
    tokens.add(null);
    tokens.add(http.readToken());
    tokens.add(http.writeToken());
    for (String token : tokens) {
      for (String provider : List.of("stripe", "paypal")) {
        MadeRequest made = valid(operation, random, OTHER, otherKey);
        String path = operation.path().replace("{provider}", provider);
        Reply reply = send(operation, new MadeRequest(path, made.latin1(), made.headers()), token);
        assertThat(reply.status()).as(operation.line()).isEqualTo(400);
        assertThat(reply.body()).as(operation.line()).contains("signed by the provider");
      }
    }
  }

  /** No token of an operator stands in for that of a session, a guest or a user. */
  private void withoutATokenOfAHolder(Operation operation, Random random) {
    List<@Nullable String> tokens = new ArrayList<>(dead);
    tokens.add(null);
    tokens.add(http.readToken());
    tokens.add(http.writeToken());
    for (String token : tokens) {
      Reply reply = send(operation, valid(operation, random, OTHER, otherKey), token);
      assertThat(reply.status()).as(operation.line() + reply.body()).isIn(400, 401, 403);
    }
  }

  private void withATokenToRead(Operation operation, Random random) {
    Reply reply = send(operation, valid(operation, random, OTHER, otherKey), http.readToken());
    if (!operation.isPublic() && !operation.access().equals("read")) {
      assertThat(reply.status()).as(operation.line()).isEqualTo(403);
    } else {
      // Else a test of refusals would pass where everything is refused.
      assertThat(reply.status()).as(operation.line() + reply.body()).isIn(200, 404);
    }
  }

  private void withATokenToSend(Operation operation, Random random, String token) {
    if (operation.isPublic() || operation.access().equals("intake")) {
      return;
    }
    MadeRequest made = valid(operation, random, OWN, ownKey);
    assertThat(send(operation, made, token).status()).as(operation.line()).isEqualTo(403);
  }

  private void withATokenOfAnApp(Operation operation, Random random, String token) {
    Reply other = send(operation, valid(operation, random, OTHER, otherKey), token);
    Reply own = send(operation, valid(operation, random, OWN, ownKey), token);
    if (operation.isPublic()) {
      return;
    }
    if (!operation.isAppScoped()) {
      assertThat(other.status()).as(operation.line()).isEqualTo(403);
      assertThat(own.status()).as(operation.line()).isEqualTo(403);
      return;
    }
    assertThat(own.status()).as(operation.line() + own.body()).isEqualTo(200);
    assertThat(own.body()).as(operation.line()).doesNotContain(OTHER, otherKey);
    ownShown += own.body().contains(OWN_MODULE) ? 1 : 0;
    if (operation.path().contains("{")) {
      assertThat(other.status()).as(operation.line()).isIn(403, 404);
    } else if (other.status() == 200) {
      assertThat(other.body()).as(operation.line()).doesNotContain(OTHER, otherKey);
    } else {
      assertThat(other.status()).as(operation.line()).isIn(403, 404);
    }
  }

  private MadeRequest valid(Operation operation, Random random, String app, String key) {
    // From a version of a plan to another one, and from a time to another one.
    boolean ofVersions = operation.id().equals("diffPlan");
    Map<String, List<String>> known =
        Map.of(
            "appId", List.of(app),
            "keyId", List.of(key),
            "limit", List.of("10"),
            "from", List.of(ofVersions ? "1" : used.minus(Duration.ofDays(14)).toString()),
            "to", List.of(ofVersions ? "2" : used.plus(Duration.ofDays(14)).toString()),
            "zone", List.of("Asia/Kathmandu"),
            "groupBy", List.of("appId,metadata.region"),
            "metadata", List.of("{\"region\":\"eu\"}"),
            "unattributed", List.of("false"),
            "id", List.of("1"));
    Map<String, List<String>> all = new HashMap<>(known);
    all.put("token", List.of(link));
    all.put("day", List.of("2026-01-01"));
    all.put("month", List.of("2026-11"));
    if (operation.id().equals("listInvoicedMonths")) {
      all.put("from", List.of("2026-10"));
      all.put("to", List.of("2026-11"));
    }
    if (List.of("listCharges", "listSeals", "verifyLedger").contains(operation.id())) {
      all.put("from", List.of("2026-10-01"));
      all.put("to", List.of("2026-11-01"));
    }
    RequestMaker maker = new RequestMaker(random, all).certain();
    MadeRequest made = maker.valid(operation);
    // Which of their parameters go together depends on one of them.
    return switch (operation.id()) {
      case "previewSubscriptionChange" -> withQuery(made, "?act=cancel");
      case "getForecast" -> withQuery(made, "?by=app&name=" + app);
      default -> made;
    };
  }

  private static MadeRequest withQuery(MadeRequest made, String query) {
    return new MadeRequest(
        made.path().replaceAll("[?].*", "") + query, made.latin1(), made.headers());
  }

  private Reply send(Operation operation, MadeRequest made, @Nullable String token) {
    requests++;
    byte[] body = made.body();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + http.port() + made.path()))
            .timeout(Duration.ofSeconds(30))
            .method(
                operation.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (!made.headers().isEmpty()) {
      request.headers(made.headers().toArray(String[]::new));
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return operation.isStreamed() ? http.begin(request.build()) : http.send(request.build());
  }

  /** All rows of all tables that a request could change. */
  private String state() throws SQLException {
    StringBuilder state = new StringBuilder();
    for (String table : TABLES) {
      state
          .append(table)
          .append('=')
          .append(
              http.world()
                  .count(
                      "SELECT coalesce(sum(hashtextextended(t::text, 0)), 0)::numeric % 1000000007"
                          + " FROM "
                          + table
                          + " t"))
          .append(' ');
    }
    return state.toString();
  }
}
