package io.billingsdk.benchmarks.stores;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;

/**
 * SQLite with a write-ahead log; a batch is a transaction. {@code synchronous=FULL} makes it force
 * the log at each commit.
 */
final class SqliteStore implements EventStore {
  private final Connection connection;
  private final PreparedStatement insert;

  SqliteStore(Path directory) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db"));
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=FULL");
    execute("CREATE TABLE IF NOT EXISTS events(seq INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    connection.setAutoCommit(false);
    insert = connection.prepareStatement("INSERT INTO events(body) VALUES(?)");
  }

  @Override
  public void append(byte[] body) throws SQLException {
    insert.setBytes(1, body);
    insert.executeUpdate();
  }

  @Override
  public void force() throws SQLException {
    connection.commit();
  }

  @Override
  public void drain(Consumer<byte[]> reader) throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
    // Commits without a force.
    execute("PRAGMA synchronous=NORMAL");
    connection.setAutoCommit(false);
    try (PreparedStatement select =
            connection.prepareStatement("SELECT seq, body FROM events ORDER BY seq LIMIT ?");
        PreparedStatement delete = connection.prepareStatement("DELETE FROM events WHERE seq<=?")) {
      select.setInt(1, ACKNOWLEDGED_AT_ONCE);
      long last = read(select, reader);
      while (last >= 0) {
        delete.setLong(1, last);
        delete.executeUpdate();
        connection.commit();
        last = read(select, reader);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      insert.close();
      connection.commit();
      connection.close();
    } catch (SQLException failed) {
      throw new IOException(failed);
    }
  }

  private static long read(PreparedStatement select, Consumer<byte[]> reader) throws SQLException {
    long last = -1;
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        last = rows.getLong(1);
        reader.accept(rows.getBytes(2));
      }
    }
    return last;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
