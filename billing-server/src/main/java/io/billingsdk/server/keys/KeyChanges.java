package io.billingsdk.server.keys;

import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the database that keys have changed, whoever changed them. Speaks up at least every few
 * seconds too: a notification that came while the connection was lost is not repeated.
 */
public final class KeyChanges implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeyChanges.class);

  private static final int WAIT_MILLIS = 2_000;

  private final Database database;
  private final Runnable changed;
  private final Thread thread = new Thread(this::run, "billing-key-changes");
  private volatile boolean closed;

  /** Calls {@code changed} on a thread of its own. */
  public KeyChanges(Database database, Runnable changed) {
    this.database = database;
    this.changed = changed;
    thread.setDaemon(true);
  }

  /** Begins to listen. */
  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    @Nullable String problem = null;
    while (!closed) {
      try (Connection connection = database.connection()) {
        problem = null;
        listen(connection);
      } catch (SQLException failed) {
        if (problem == null && !closed) {
          problem = String.valueOf(failed.getMessage());
          log.warn("changes of keys cannot be heard: {}", problem);
        }
        pause();
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + KeyAdmin.CHANNEL);
    }
    PGConnection postgres = connection.unwrap(PGConnection.class);
    while (!closed) {
      changed.run();
      postgres.getNotifications(WAIT_MILLIS);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
