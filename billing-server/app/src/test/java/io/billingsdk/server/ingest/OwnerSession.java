package io.billingsdk.server.ingest;

import io.billingsdk.server.db.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The session of a database's owner, kept for the next statement of the same test: PostgreSQL takes
 * longer to begin one than for most statements. Two are kept for all tests of this JVM, that of the
 * newest ledger and that in which ledgers are made. Thread-safe.
 */
final class OwnerSession {
  private static final int MOST = 2;

  /** The one that was used last is the last one. */
  private static final Map<DatabaseAddress, OwnerSession> KEPT = new LinkedHashMap<>();

  private static final int SECONDS = 5;

  private final DatabaseAddress owner;
  private final Connection connection;

  private OwnerSession(DatabaseAddress owner, Connection connection) {
    this.owner = owner;
    this.connection = connection;
  }

  /** Something to do with a statement. */
  @FunctionalInterface
  interface Work<T> {
    T on(Statement statement) throws SQLException;
  }

  /** Does it in a session of the owner; one in which it fails is not kept. */
  static <T> T in(DatabaseAddress owner, Work<T> work) throws SQLException {
    OwnerSession session = take(owner);
    try (Statement statement = session.connection.createStatement()) {
      T result = work.on(statement);
      // No setting and no lock of it is left to the next one.
      statement.execute("DISCARD ALL");
      session.keep();
      return result;
    } catch (SQLException | RuntimeException | Error failed) {
      session.connection.close();
      throw failed;
    }
  }

  private static OwnerSession take(DatabaseAddress owner) throws SQLException {
    @Nullable OwnerSession kept;
    synchronized (KEPT) {
      kept = KEPT.remove(owner);
    }
    if (kept != null) {
      // The database may have been killed or stopped since.
      if (kept.connection.isValid(SECONDS)) {
        return kept;
      }
      kept.connection.close();
    }
    return new OwnerSession(
        owner, DriverManager.getConnection(owner.url(), owner.user(), owner.password()));
  }

  private void keep() throws SQLException {
    @Nullable OwnerSession tooMany;
    synchronized (KEPT) {
      tooMany = KEPT.put(owner, this);
      if (KEPT.size() > MOST) {
        tooMany = KEPT.remove(KEPT.keySet().iterator().next());
      }
    }
    if (tooMany != null) {
      tooMany.connection.close();
    }
  }
}
