package io.billingsdk.system;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A broker, the billing server with its PostgreSQL, and clients, all but the PostgreSQL in this
 * JVM: for what needs no kills. Close it after the test.
 */
final class InProcess implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path directory;
  private final TestBroker broker;
  private final BillingServer server;
  private final Database database;
  private final KeyAdmin admin;

  private InProcess(Path directory, TestBroker broker, BillingServer server, Database database) {
    this.directory = directory;
    this.broker = broker;
    this.server = server;
    this.database = database;
    this.admin = new KeyAdmin(database, new KeyVault(secrets(directory)));
  }

  /** Starts broker and server, and makes the app {@code acme}; returns when usage is taken in. */
  static InProcess start(Path directory) throws Exception {
    return start(directory, EmbeddedTestBroker.in(directory));
  }

  /** The same with a broker of the caller's, which is started here and closed in the end. */
  static InProcess start(Path directory, TestBroker broker) throws Exception {
    broker.start();
    BrokerAddress address =
        new BrokerAddress(
            broker.host(),
            broker.port(),
            broker.caPem(),
            broker.user(Role.SYSTEM),
            broker.password(Role.SYSTEM));
    Path data = directory.resolve("data");
    BillingServer server =
        new BillingServer(
            new ServerSettings(data, address, null, null, "billing", 0, 0, HttpSettings.ANY_PORT));
    server.start();
    InProcess started =
        new InProcess(directory, broker, server, Database.at(BillingServer.runningDatabase(data)));
    started.admin.createApp("acme", "Acme");
    await().atMost(PATIENCE).until(server::isUp);
    return started;
  }

  TestBroker broker() {
    return broker;
  }

  /** The port of the HTTP API. */
  int httpPort() {
    return server.httpPort();
  }

  /** What trusts its authority. */
  HttpClient http() {
    Path authority = BillingServer.brokerDirectory(directory.resolve("data")).resolve("ca.pem");
    return HttpClient.newBuilder().sslContext(OneAuthority.tls(authority)).build();
  }

  /** The paths of the document that the server serves, once for each operation. */
  List<String> operations() throws Exception {
    URI document = URI.create("https://localhost:" + httpPort() + "/api/v1/openapi.json");
    String json =
        http().send(HttpRequest.newBuilder(document).build(), BodyHandlers.ofString()).body();
    List<String> paths = new ArrayList<>();
    for (var path : new ObjectMapper().readTree(json).path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        if (operation.getValue().has("operationId")) {
          paths.add(path.getKey());
        }
      }
    }
    return paths;
  }

  /** The first operator's token. */
  String token() {
    return server.firstToken().orElseThrow();
  }

  Database database() {
    return database;
  }

  KeyAdmin admin() {
    return admin;
  }

  /** A client that is started, with a journal of its own. */
  BillingClient client(String id, UnaryOperator<BillingConfigBuilder> settings) {
    return client(id, Clock.system(), settings);
  }

  /** Where a client has its journal. */
  Path journal(String id) {
    return directory.resolve("journal-" + id);
  }

  /** The same with a clock that may be wrong. */
  BillingClient client(String id, Clock clock, UnaryOperator<BillingConfigBuilder> settings) {
    BillingConfigBuilder builder =
        BillingConfig.builder()
            .host(broker.host())
            .port(broker.port())
            .caCertificates(broker.caPem())
            .credentials(broker.user(Role.SDK), broker.password(Role.SDK))
            .clientId(id)
            .heartbeatInterval(Duration.ofSeconds(1))
            .journalDirectory(journal(id));
    BillingClient client = DefaultBillingClient.create(settings.apply(builder).build(), clock);
    client.start();
    return client;
  }

  /** A figure of the tables. */
  long number(String sql) throws Exception {
    return database.call(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  @Override
  public void close() {
    database.close();
    server.close();
    broker.close();
  }

  private static Secrets secrets(Path directory) {
    return new Secrets(directory.resolve("data").resolve("secrets"));
  }
}
