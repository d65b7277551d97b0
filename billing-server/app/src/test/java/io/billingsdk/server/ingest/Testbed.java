package io.billingsdk.server.ingest;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.broker.TopicRule;
import io.billingsdk.server.ServerSchema;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.EmbeddedDatabase;
import io.billingsdk.server.db.SharedBinaries;
import io.billingsdk.testbed.FreePort;
import io.billingsdk.testbed.QuickDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL and one broker of this JVM; each test has a database and a prefix of its own. */
public final class Testbed {
  private static final Testbed ONE = create();
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** Databases that are kept; those before them have had their tests, and take room in memory. */
  private static final int KEPT = 60;

  private final Path directory;
  private final int databasePort;
  private final EmbeddedBroker broker;
  private final Queue<World> worlds = new ConcurrentLinkedQueue<>();
  private EmbeddedDatabase postgres;

  /** The database that others are copies of. */
  private @Nullable String template;

  private Testbed(Path directory, int databasePort, EmbeddedBroker broker) {
    this.directory = directory;
    this.databasePort = databasePort;
    this.broker = broker;
    this.postgres = SharedBinaries.databaseOfTests(directory.resolve("postgresql"), databasePort);
  }

  /** The one of this JVM. */
  public static Testbed get() {
    return ONE;
  }

  /** A ledger of one test. */
  public record World(DatabaseAddress owner, DatabaseAddress server, String prefix) {
    /** As the server sees it. */
    public Database database() {
      return Database.at(server);
    }

    /** The same through another port. */
    Database databaseVia(int port) {
      String url = server.url().replaceFirst(":[0-9]+/", ":" + port + "/");
      return Database.at(new DatabaseAddress(url, server.user(), server.password()));
    }

    /** A figure, asked for as the owner. */
    public long count(String sql) throws SQLException {
      try (Connection connection =
              DriverManager.getConnection(owner.url(), owner.user(), owner.password());
          Statement statement = connection.createStatement();
          ResultSet found = statement.executeQuery(sql)) {
        found.next();
        return found.getLong(1);
      }
    }

    /** The processes of the sessions that there are. */
    public List<Long> sessions() throws SQLException {
      List<Long> pids = new ArrayList<>();
      try (Connection connection =
              DriverManager.getConnection(owner.url(), owner.user(), owner.password());
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT pid FROM pg_stat_activity")) {
        while (rows.next()) {
          pids.add(rows.getLong(1));
        }
      }
      return pids;
    }

    /** A statement of the owner. */
    public void execute(String sql) throws SQLException {
      try (Connection connection =
              DriverManager.getConnection(owner.url(), owner.user(), owner.password());
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  /** Another ledger: a copy of an empty one, since all migrations take ten times as long. */
  public World world() throws SQLException {
    World world = create("CREATE DATABASE %s TEMPLATE " + template());
    world.execute("UPDATE ledger SET id = gen_random_uuid(), since = now()");
    // It is another ledger, and none that was restored.
    world.execute("UPDATE invoice_numbering SET ledger_id = (SELECT id FROM ledger)");
    worlds.add(world);
    if (worlds.size() > KEPT) {
      drop(worlds.remove());
    }
    return world;
  }

  private void drop(World old) {
    try {
      new World(postgres.owner(), postgres.server(), "").execute("DROP DATABASE " + old.prefix());
    } catch (SQLException inUse) {
      worlds.add(old);
    }
  }

  /** Another ledger, with the first versions' tables and those of some folders. */
  public World worldOf(List<String> folders) throws SQLException {
    World world = emptyWorld();
    Database.migrate(world.owner(), folders);
    return world;
  }

  /** Another database, without tables. */
  World emptyWorld() throws SQLException {
    return create("CREATE DATABASE %s");
  }

  private World create(String sql) throws SQLException {
    String name = "world" + NUMBER.incrementAndGet();
    DatabaseAddress owner = postgres.owner();
    new World(owner, postgres.server(), name).execute(sql.formatted(name));
    return new World(in(name, owner), in(name, postgres.server()), name);
  }

  private synchronized String template() throws SQLException {
    if (template == null) {
      World first = emptyWorld();
      Database.migrate(first.owner(), ServerSchema.migrations());
      template = first.prefix();
    }
    return template;
  }

  /** The broker, for one of its users. */
  public BrokerAddress broker(String user) {
    return new BrokerAddress(
        "localhost", broker.port(), directory.resolve("ca.pem"), user, user + "-password");
  }

  int databasePort() {
    return databasePort;
  }

  void stopDatabase() {
    postgres.close();
  }

  private void end() {
    stopDatabase();
    SharedBinaries.delete(directory);
  }

  void startDatabase() {
    postgres = SharedBinaries.databaseOfTests(directory.resolve("postgresql"), databasePort);
    postgres.start();
  }

  /**
   * Kills PostgreSQL with all its processes, and starts it again.
   *
   * @param session the process of any session
   */
  public void killDatabase(long session) {
    ProcessHandle postmaster =
        ProcessHandle.of(session).flatMap(ProcessHandle::parent).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
    postmaster.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    // The one that watches it may have begun to start it again, and would give up after some times.
    stopDatabase();
    startDatabase();
  }

  void restartBroker() {
    broker.close();
    broker.start();
  }

  private static DatabaseAddress in(String name, DatabaseAddress address) {
    String url = address.url().replaceFirst("/[^/]*$", "/" + name);
    return new DatabaseAddress(url, address.user(), address.password());
  }

  private static Testbed create() {
    try {
      Path directory = QuickDirectory.create("billing-server-test");
      CertificateAuthority authority = CertificateAuthority.create("billing test CA");
      authority.writeCertificate(directory.resolve("ca.pem"));
      List<TopicRule> all = List.of(new TopicRule("#", true, true));
      EmbeddedBroker broker =
          EmbeddedBroker.builder()
              .tls(authority.issueServer("localhost", "127.0.0.1"))
              .user("collector", "collector-password", all)
              .user("sdk", "sdk-password", all)
              .maximumQueuedMessages(100_000)
              .build();
      Testbed testbed = new Testbed(directory, FreePort.find(), broker);
      broker.start();
      testbed.startDatabase();
      Runtime.getRuntime().addShutdownHook(new Thread(testbed::end));
      return testbed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
