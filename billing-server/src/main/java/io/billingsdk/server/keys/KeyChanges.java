package io.billingsdk.server.keys;

import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all SDKs of what changes among the keys, whoever changed it: hears of it from the database,
 * and looks every few seconds too, since a notification that came while the connection was lost is
 * not repeated.
 *
 * <p>A lane of its own: it has a thread and a connection to the database, so that a block waits for
 * nothing that instances ask or say. Repeating a change does no harm, so several servers may.
 */
public final class KeyChanges implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeyChanges.class);

  private static final int WAIT_MILLIS = 2_000;

  private final Database database;
  private final V2Topics topics;
  private final KeyPublisher publisher;
  private final Runnable changed;
  private final Thread thread = new Thread(this::run, "billing-key-changes");
  private volatile boolean closed;

  /** Confined to the thread: the version of the table that all were told of; -1: none yet. */
  private long told = -1;

  /** The same: what was logged, until it is over. */
  private @Nullable String problem;

  /**
   * A lane to be started.
   *
   * @param changed called on its thread after changes; must not wait
   */
  public KeyChanges(Database database, String prefix, KeyPublisher publisher, Runnable changed) {
    this.database = database;
    this.topics = V2Topics.under(prefix);
    this.publisher = publisher;
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
    while (!closed) {
      try (Connection connection = database.connection()) {
        begin(connection);
        listen(connection);
      } catch (SQLException | RuntimeException failed) {
        if (problem == null && !closed) {
          problem = String.valueOf(failed.getMessage());
          log.warn("changes of keys cannot be heard: {}", problem);
        }
        pause();
      }
    }
  }

  private static void begin(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + KeyAdmin.CHANNEL);
    }
  }

  private void listen(Connection connection) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    while (!closed) {
      tell(connection);
      problem = null;
      postgres.getNotifications(WAIT_MILLIS);
    }
  }

  /** Tells of what has changed since the last call; the first call only remembers. */
  private void tell(Connection connection) throws SQLException {
    if (told < 0) {
      told = KeyRows.version(connection);
      return;
    }
    List<KeyRecord> keys = KeyRows.since(connection, told);
    for (int from = 0; from < keys.size(); from += KeySnapshot.CHUNK_KEYS) {
      List<KeyRecord> part =
          keys.subList(from, Math.min(keys.size(), from + KeySnapshot.CHUNK_KEYS));
      long version = part.get(part.size() - 1).version();
      // One that is lost is a gap at the SDKs, which ask for the table then.
      var unused =
          publisher.publish(topics.keys(), KeyFeedMessage.change(told, version, part).encode());
      told = version;
    }
    if (!keys.isEmpty()) {
      changed.run();
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
