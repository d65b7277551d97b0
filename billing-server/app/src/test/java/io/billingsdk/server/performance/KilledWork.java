package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.db.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionFactory;

/**
 * Kills the session of the database that is at a place of the work: it waits there for a lock of
 * this, with all that its transaction did before, and dies.
 */
final class KilledWork {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RollupWorld world;
  private int kills;

  KilledWork(RollupWorld world) {
    this.world = world;
  }

  /** A place, by the table whose writers wait. */
  enum Place {
    INTAKE("performance_step", "relation"),
    COSTS("cost", "relation"),
    SUMS("analytics_sum", "relation"),
    /** The last statement of a transaction that makes costs. */
    QUEUE("analytics_sum", "transactionid"),
    SKETCHES("performance_sketch", "relation");

    private final String table;
    private final String wait;

    Place(String table, String wait) {
      this.table = table;
      this.wait = wait;
    }
  }

  int kills() {
    return kills;
  }

  /** Sends so many records of each kind and works, while a session is killed at that place. */
  void sendAndWork(Place place, int each) throws Exception {
    if (place == Place.SKETCHES) {
      // The intake would wait too.
      world.send(each);
    }
    CompletableFuture<Void> rest;
    try (Connection tables = connect();
        Connection rows = connect()) {
      hold(tables, "LOCK TABLE " + place.table + " IN SHARE MODE");
      rest = CompletableFuture.runAsync(() -> sendAndWork(place != Place.SKETCHES ? each : 0));
      if (place == Place.QUEUE) {
        soon().until(() -> waiting("count(*)", "relation") > 0);
        hold(rows, "SELECT FROM cost_queue FOR UPDATE");
        tables.rollback();
      }
      soon().until(() -> waiting("count(pg_terminate_backend(pid))", place.wait) > 0);
      kills++;
    }
    rest.join();
  }

  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(PATIENCE);
  }

  private void sendAndWork(int each) {
    if (each > 0) {
      world.send(each);
    }
    try {
      world.work();
    } catch (Exception hit) {
      assertThat(hit).hasStackTraceContaining("terminating connection");
    }
  }

  private Connection connect() throws SQLException {
    DatabaseAddress owner = world.http.world().owner();
    Connection connection =
        DriverManager.getConnection(owner.url(), owner.user(), owner.password());
    connection.setAutoCommit(false);
    return connection;
  }

  private static void hold(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long waiting(String what, String wait) throws SQLException {
    return world
        .http
        .world()
        .count(
            "SELECT %s FROM pg_stat_activity WHERE datname = current_database()".formatted(what)
                + " AND wait_event_type = 'Lock' AND wait_event = '%s'".formatted(wait));
  }
}
