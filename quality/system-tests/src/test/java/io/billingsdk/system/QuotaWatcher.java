package io.billingsdk.system;

import io.billingsdk.testbed.Pace;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks at the ledger all the time, by SQL on the tables and by nothing of the server's code: never
 * is more stored, or settled and leased together, than the quota allows.
 */
final class QuotaWatcher implements AutoCloseable {
  static final String STORED = "SELECT count(*) FROM usage_event";

  static final String LEASED =
      "SELECT coalesce(sum(granted - settled - returned), 0) FROM quota_lease"
          + " WHERE holding <> 'done'";

  private static final String DEBITED =
      "SELECT (SELECT coalesce(sum(settled), 0) FROM quota_counter_shard) + (" + LEASED + ")";

  private final World.Connecting database;
  private final Thread thread = new Thread(this::watch, "quota-watcher");
  private volatile long limit;
  private volatile boolean ended;
  private final AtomicLong looks = new AtomicLong();
  private final AtomicLong violations = new AtomicLong();

  QuotaWatcher(World.Connecting database, long limit) {
    this.database = database;
    this.limit = limit;
    thread.setDaemon(true);
    thread.start();
  }

  /** A higher limit, before anybody else knows of it. */
  void raise(long higher) {
    limit = higher;
  }

  long looks() {
    return looks.get();
  }

  long violations() {
    return violations.get();
  }

  private void watch() {
    while (!ended) {
      try (Connection connection = database.connect()) {
        while (!ended) {
          long most = limit;
          boolean holds = number(connection, STORED) <= most && number(connection, DEBITED) <= most;
          violations.addAndGet(holds ? 0 : 1);
          looks.incrementAndGet();
          Pace.pause(Duration.ofMillis(20));
        }
      } catch (SQLException away) {
        // It was killed, too.
        Pace.pause(Duration.ofMillis(50));
      }
    }
  }

  static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getBigDecimal(1).longValueExact();
    }
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }
}
