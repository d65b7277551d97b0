package io.billingsdk.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.OneAuthority;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A feature needs nothing of the server but its public seam: this one is in a package that the
 * server does not know, and has all that a feature can have.
 */
@Tag("postgres")
class TinyFeatureTest {
  private static final String EVENT =
      """
      {"keyId":"%s","module":"llm","model":"gpt-4","usage":%s,"occurredAt":"%s"}\
      """;

  private static final String ATTRIBUTION =
      """
      {"keyId":"k_2","reason":"made after its first use"}\
      """;

  @TempDir Path directory;

  @Test
  void feature_fromOutside_hasRouteTableDocumentMetricAndJob() throws Exception {
    try (BillingServer server =
        new BillingServer(ServerSettings.in(directory), List.of(TinyFeature::new))) {
      server.start();
      Api api = Api.of(server, directory, token(directory));

      assertThat(api.post("/api/v1/tiny", "{\"text\":\"one\"}").statusCode()).isEqualTo(201);
      assertThat(api.post("/api/v1/tiny", "{\"txt\":\"one\"}").body()).contains("text must be");
      assertThat(api.get("/api/v1/tiny").body()).isEqualTo("{\"notes\":1}");
      assertThat(api.get("/api/v1/openapi.yaml").body())
          .contains("  /api/v1/tiny:", "    TinyNotes:");
      JsonNode document = new ObjectMapper().readTree(api.get("/api/v1/openapi.json").body());
      assertThat(document.at("/paths/~1api~1v1~1tiny/get/operationId").asText())
          .isEqualTo("countNotes");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(api.get("/metrics").body()).contains("tiny_notes 1.0"));
    }
  }

  @Test
  void hook_everyWayIntoTheLedger_itsTableFollows() throws Exception {
    try (BillingServer server =
        new BillingServer(ServerSettings.in(directory), List.of(TinyFeature::new))) {
      server.start();
      Api api = Api.of(server, directory, token(directory));
      addKey("k_1");
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      Instant old = now.minus(Duration.ofDays(800));

      api.created("/api/v1/events", EVENT.formatted("k_1", "1.5", now));
      assertThat(tinyUsage()).as("after an event").isEqualByComparingTo("1.5");

      JsonNode event = api.json("/api/v1/events?from=" + now.minusSeconds(60)).at("/items/0");
      api.created(
          "/api/v1/corrections",
          """
          {"stream":"%s","seq":%s,"occurredAt":"%s","usage":1,"reason":"counted wrongly"}\
          """
              .formatted(
                  event.path("stream").asText(),
                  event.path("seq").asText(),
                  event.path("occurredAt").asText()));
      assertThat(tinyUsage()).as("after a correction").isEqualByComparingTo("1");

      api.created("/api/v1/events", EVENT.formatted("k_2", "2", now));
      assertThat(tinyUsage()).as("after an event of no app").isEqualByComparingTo("1");
      addKey("k_2");
      assertThat(api.post("/api/v1/unattributed/attribute", ATTRIBUTION).statusCode())
          .isEqualTo(200);
      assertThat(tinyUsage()).as("after an attribution").isEqualByComparingTo("3");

      api.post("/api/v1/events", EVENT.formatted("k_1", "10", old));
      String rejected = api.json("/api/v1/rejected").at("/items/0/id").asText();
      HttpResponse<String> replayed =
          api.post("/api/v1/rejected/" + rejected + "/replay", EVENT.formatted("k_1", "10", now));
      assertThat(replayed.body()).contains("stored");
      assertThat(tinyUsage()).as("after a replay").isEqualByComparingTo("13");

      api.post("/api/v1/events", EVENT.formatted("k_1", "20", now.plus(Duration.ofDays(2))));
      HttpResponse<String> batch =
          api.post("/api/v1/rejected/replay", "{\"occurredAtOffsetSeconds\":-172800}");
      assertThat(batch.body()).contains("\"stored\":1");
      assertThat(tinyUsage()).as("after a replay of many").isEqualByComparingTo("33");
    }
  }

  private void addKey(String keyId) {
    try (Database database = Database.unpooled(BillingServer.runningDatabase(directory))) {
      KeyAdmin keys = new KeyAdmin(database, null);
      if (keyId.equals("k_1")) {
        keys.createApp("acme", "Acme");
      }
      keys.importKey(keyId, "sk-" + keyId, "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
  }

  private BigDecimal tinyUsage() {
    try (Database database = Database.unpooled(BillingServer.runningDatabase(directory))) {
      return database.read(
          handle ->
              handle
                  .createQuery("SELECT usage FROM tiny_usage WHERE app_id = 'acme'")
                  .mapTo(BigDecimal.class)
                  .one());
    }
  }

  @Test
  void appendOnlyTable_thatTheLoginMayChange_refusesTheStart() throws Exception {
    World world = Testbed.get().world();
    world.execute("CREATE ROLE tiny_owner LOGIN PASSWORD 'owner-password'");
    world.execute("CREATE ROLE tiny_app LOGIN NOINHERIT PASSWORD 'app-password'");
    world.execute("GRANT billing_server TO tiny_app");
    world.execute("CREATE DATABASE tiny OWNER tiny_owner");
    String url = world.owner().url().replaceFirst("/[^/]*$", "/tiny");
    DatabaseAddress owner = new DatabaseAddress(url, "tiny_owner", "owner-password");
    DatabaseAddress app = new DatabaseAddress(url, "tiny_app", "app-password");
    try (BillingServer server = server(owner, app, "first")) {
      server.start();
    }
    try (Connection connection =
            DriverManager.getConnection(owner.url(), owner.user(), owner.password());
        Statement statement = connection.createStatement()) {
      statement.execute("GRANT DELETE ON tiny_note TO tiny_app");
    }

    assertThatThrownBy(() -> server(owner, app, "second").start())
        .isInstanceOf(InstallationException.class)
        .hasMessageContaining("may change tiny_note; it must only add and read");
  }

  private BillingServer server(DatabaseAddress owner, DatabaseAddress app, String name) {
    return new BillingServer(
        new ServerSettings(
            directory.resolve(name), null, app, owner, "billing", 0, 0, HttpSettings.ANY_PORT),
        List.of(TinyFeature::new));
  }

  private static String token(Path directory) throws Exception {
    Actor tester = new Actor("tester");
    try (Database database = Database.unpooled(BillingServer.runningDatabase(directory))) {
      new Operators(database, tester).create("tester");
      return new Tokens(database)
          .create(tester, "tester", Scope.WRITE, null, Duration.ofHours(1))
          .text();
    }
  }

  private record Api(HttpClient client, int port, String token) {
    static Api of(BillingServer server, Path directory, String token) {
      Path authority = BillingServer.brokerDirectory(directory).resolve("ca.pem");
      return new Api(
          HttpClient.newBuilder().sslContext(OneAuthority.tls(authority)).build(),
          server.httpPort(),
          token);
    }

    HttpResponse<String> get(String path) throws Exception {
      return client.send(to(path).GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String json) throws Exception {
      HttpRequest request =
          to(path)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(json))
              .build();
      return client.send(request, BodyHandlers.ofString());
    }

    void created(String path, String json) throws Exception {
      HttpResponse<String> answer = post(path, json);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    JsonNode json(String path) throws Exception {
      return new ObjectMapper().readTree(get(path).body());
    }

    private HttpRequest.Builder to(String path) {
      return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
          .timeout(Duration.ofSeconds(30))
          .header("Authorization", "Bearer " + token);
    }
  }
}
