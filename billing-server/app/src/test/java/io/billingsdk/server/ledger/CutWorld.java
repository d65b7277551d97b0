package io.billingsdk.server.ledger;

import static org.awaitility.Awaitility.await;

import io.billingsdk.server.ServerSchema;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.EmbeddedDatabase;
import io.billingsdk.server.db.SharedBinaries;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.postgresql.PGConnection;

/** A PostgreSQL of its own, which allows prepared transactions, and can be killed and restored. */
final class CutWorld implements AutoCloseable {
  private static final int VALID_SECONDS = 60;

  /** Those whose rows have a number, and what they need to be read. */
  private static final List<String> TABLES =
      List.of(
          "app", "ledger_cut", "usage_event", "correction", "attribution", "usage_rollup_shard");

  private static final String PARTITIONS =
      "SELECT ensure_partition(now()), ensure_partition(now() - interval '1 hour')";

  private static final List<String> NUMBERED =
      List.of("usage_event", "correction", "attribution", "usage_rollup_shard");

  private final Path directory;
  private final EmbeddedDatabase postgres;
  private volatile DatabaseAddress owner;
  private volatile DatabaseAddress server;
  private volatile Database database;
  private int restored;

  private final Queue<Connection> idleOwners = new ConcurrentLinkedQueue<>();

  /** What the ledger holds up to a cut: how many rows, and a sum of their hashes. */
  record Contents(long rows, String hashes) {}

  CutWorld(Path directory) throws SQLException {
    this.directory = directory.resolve("postgresql");
    this.postgres = SharedBinaries.databaseOfTests(this.directory, 0);
    postgres.start();
    try (Connection connection = open(postgres.owner());
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET max_prepared_transactions = 40");
    }
    postgres.close();
    postgres.start();
    owner = postgres.owner();
    server = postgres.server();
    Database.migrate(owner, ServerSchema.migrations());
    database = Database.at(server);
    execute(PARTITIONS + "; INSERT INTO app VALUES ('acme', 'Acme')");
  }

  Database database() {
    return database;
  }

  /** In the role of the server, or of the owner. */
  Connection connect(boolean asOwner) throws SQLException {
    Connection idle = asOwner ? idleOwners.poll() : database.connection();
    Connection connection = idle == null ? open(owner) : idle;
    connection.setAutoCommit(false);
    return connection;
  }

  /** To log in takes longer than a whole transaction. */
  void giveBack(Connection connection, boolean asOwner) throws SQLException {
    if (!asOwner) {
      connection.close();
    } else if (connection.isValid(VALID_SECONDS)) {
      connection.rollback();
      connection.setAutoCommit(true);
      idleOwners.add(connection);
    } else {
      // Its PostgreSQL was killed.
      connection.close();
    }
  }

  private static Connection open(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.url(), address.user(), address.password());
  }

  void execute(String sql) throws SQLException {
    Connection connection = connect(/* asOwner= */ true);
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    idleOwners.add(connection);
  }

  /** The first two columns of the one row. */
  private Contents row(String sql) throws SQLException {
    Connection connection = connect(/* asOwner= */ true);
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      Contents found = new Contents(row.getLong(1), String.valueOf(row.getString(2)));
      idleOwners.add(connection);
      return found;
    }
  }

  long number(String sql) throws SQLException {
    return row("SELECT (" + sql + "), 0").rows();
  }

  /** What has a number up to this one. */
  Contents upTo(long cutNo) throws SQLException {
    StringBuilder union = new StringBuilder();
    for (String table : NUMBERED) {
      union.append(union.isEmpty() ? "" : " UNION ALL ");
      union.append(
          "SELECT hashtextextended(t::text, 0) AS h FROM %s t WHERE cut_no <= %d"
              .formatted(table, cutNo));
    }
    return row("SELECT count(*), sum(h) FROM (" + union + ") AS all_rows");
  }

  /** Names of transactions that are prepared, but for one. */
  List<String> preparedBesides(String name) throws SQLException {
    String all =
        row("SELECT 0, coalesce(string_agg(gid, ','), '') FROM pg_prepared_xacts WHERE gid <> '"
                + name
                + "'")
            .hashes();
    return all.isEmpty() ? List.of() : List.of(all.split(",", -1));
  }

  /** Ends PostgreSQL as kill -9 does, and waits until it works again. */
  void kill() throws IOException {
    long before = postgres.restarts();
    long pid =
        Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid")).get(0).strip());
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    forgetConnections();
    await().atMost(Duration.ofMinutes(3)).until(() -> postgres.restarts() > before);
    await().atMost(Duration.ofMinutes(3)).ignoreExceptions().until(() -> number("SELECT 1") == 1);
  }

  private void forgetConnections() {
    idleOwners.clear();
    database.close();
    database = Database.at(server);
  }

  /** Takes a dump, and goes on in a database that is made of it. */
  void dumpAndRestore() throws SQLException, IOException {
    Map<String, byte[]> dump = dump();
    String name = "restored" + ++restored;
    execute("CREATE DATABASE " + name);
    owner = in(name, owner);
    server = in(name, server);
    idleOwners.clear();
    Database.migrate(owner, ServerSchema.migrations());
    execute(PARTITIONS);
    try (Connection connection = open(owner)) {
      for (Map.Entry<String, byte[]> each : dump.entrySet()) {
        var unused =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                    "COPY " + each.getKey() + " FROM STDIN",
                    new ByteArrayInputStream(each.getValue()));
      }
    }
    forgetConnections();
  }

  /** In one snapshot, as pg_dump does. */
  private Map<String, byte[]> dump() throws SQLException, IOException {
    Map<String, byte[]> dump = new LinkedHashMap<>();
    try (Connection connection = open(owner)) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      for (String table : TABLES) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        var unused =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT * FROM " + table + ") TO STDOUT", bytes);
        dump.put(table, bytes.toByteArray());
      }
    }
    return dump;
  }

  private static DatabaseAddress in(String name, DatabaseAddress address) {
    String url = address.url().replaceFirst("/[^/?]*([?].*)?$", "/" + name + "$1");
    return new DatabaseAddress(url, address.user(), address.password());
  }

  @Override
  public void close() {
    database.close();
    postgres.close();
  }
}
