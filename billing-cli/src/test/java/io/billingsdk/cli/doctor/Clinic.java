package io.billingsdk.cli.doctor;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.keys.Apps;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.NewKey;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A broker over TLS with users of different rights, the billing server with its PostgreSQL, and,
 * under another prefix, a billing system that speaks protocol v1 only.
 */
final class Clinic {
  static final String OLD = "old";
  static final String LONELY = "lonely";

  private final Path directory;
  private final EmbeddedBroker broker;
  private final BillingServer server;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private Clinic(Path directory, EmbeddedBroker broker) {
    this.directory = directory;
    this.broker = broker;
    this.server =
        new BillingServer(
            new ServerSettings(
                directory.resolve("data"),
                address("billing-server"),
                null,
                null,
                "billing",
                0,
                0,
                HttpSettings.ANY_PORT));
  }

  static Clinic open(Path directory) throws IOException {
    CertificateAuthority authority = CertificateAuthority.create("clinic CA");
    authority.writeCertificate(directory.resolve("ca.pem"));
    CertificateAuthority.create("another CA").writeCertificate(directory.resolve("other.pem"));
    EmbeddedBroker broker =
        EmbeddedBroker.builder()
            // Not for 127.0.0.1.
            .tls(authority.issueServer("localhost"))
            .user("billing-server", passwordOf("billing-server"), Rules.ALL)
            .user("old-system", passwordOf("old-system"), Rules.ALL)
            .user("gateway", passwordOf("gateway"), Rules.instance("billing"))
            .user("deaf", passwordOf("deaf"), Rules.without("receipts", Rules.instance("billing")))
            .user("curious", passwordOf("curious"), Rules.ALL)
            .user(LONELY, passwordOf(LONELY), Rules.instance(LONELY))
            .user(OLD, passwordOf(OLD), Rules.instance(OLD))
            .build();
    broker.start();
    Clinic clinic = new Clinic(directory, broker);
    clinic.parts.push(broker);
    clinic.server.start();
    clinic.parts.push(clinic.server);
    clinic.startOldSystem();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(clinic.server::isUp);
    return clinic;
  }

  static String passwordOf(String user) {
    return "canary-" + user + "-password";
  }

  Path ca() {
    return directory.resolve("ca.pem");
  }

  Path otherCa() {
    return directory.resolve("other.pem");
  }

  int port() {
    return broker.port();
  }

  DatabaseAddress database() {
    return BillingServer.runningDatabase(directory.resolve("data"));
  }

  NewKey key() throws SQLException {
    try (Database database = Database.unpooled(database())) {
      Apps apps = new Apps(database, Actor.commandLine());
      if (apps.all().isEmpty()) {
        var unused = apps.create("acme", "acme");
      }
      return admin(database).create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
  }

  void block(NewKey key) throws SQLException {
    try (Database database = Database.unpooled(database())) {
      admin(database).block(key.keyId(), "unpaid");
    }
  }

  private static KeyAdmin admin(Database database) {
    return new KeyAdmin(database, null, Actor.commandLine());
  }

  long streams() throws SQLException {
    try (Database database = Database.unpooled(database())) {
      return database.call(
          connection -> {
            try (var query = connection.prepareStatement("SELECT count(*) FROM stream");
                var found = query.executeQuery()) {
              found.next();
              return found.getLong(1);
            }
          });
    }
  }

  /** The settings of a service of this user; each can be set once more. */
  BillingConfigBuilder service(String user) {
    return BillingConfig.builder()
        .host("localhost")
        .port(port())
        .caCertificates(ca())
        .clientId(user)
        .credentials(user, passwordOf(user))
        .journalDirectory(directory.resolve("journal"))
        .build()
        .toBuilder();
  }

  DoctorTarget patient(BillingConfig config, @Nullable String apiKey) {
    return new DoctorTarget(
        config,
        config.clientId().orElseThrow(),
        /* ownClientId= */ true,
        apiKey,
        database(),
        InstantSource.system(),
        Duration.ofSeconds(5));
  }

  void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  private BrokerAddress address(String user) {
    return new BrokerAddress("localhost", broker.port(), ca(), user, passwordOf(user));
  }

  /** It answers requests for keys, and knows nothing of presence and receipts. */
  private void startOldSystem() {
    V1Topics topics = V1Topics.under(OLD);
    AtomicReference<BrokerConnection> self = new AtomicReference<>();
    ConnectionListener listener =
        (HeldMessage message) -> {
          message.confirm();
          BrokerConnection connection = self.get();
          if (connection != null) {
            var unused =
                connection.publish(
                    topics.keysUpdate(),
                    V1Codec.encodeKeyUpdate(
                        new KeyUpdate(System.currentTimeMillis(), List.of(), 0)),
                    /* retain= */ false);
          }
        };
    BrokerConnection connection =
        new BrokerConnection(
            address("old-system"),
            new ConnectionSettings(
                "old-system",
                List.of(topics.keysRequest(), topics.report()),
                0,
                100,
                1 << 20,
                null),
            listener);
    self.set(connection);
    connection.start();
    parts.push(connection);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(connection::isUp);
  }
}
