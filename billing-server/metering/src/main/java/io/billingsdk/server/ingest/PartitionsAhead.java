package io.billingsdk.server.ingest;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Makes the partitions of the ledger of this month and the next ones before their first events
 * come. The collector still makes those that it misses; then a batch waits for it.
 */
final class PartitionsAhead implements Job {
  /** This month and two more: one stays when no server runs for a month. */
  private static final String MAKE =
      "SELECT ensure_partition(date_trunc('month', now()) + make_interval(months => ahead))"
          + " FROM generate_series(0, 2) AS ahead ORDER BY ahead";

  private final Database database;

  /** In a ledger. */
  PartitionsAhead(Database database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "ledger-partitions";
  }

  @Override
  public Duration every() {
    return Duration.ofHours(6);
  }

  @Override
  public void run() throws SQLException {
    database.call(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(MAKE);
          }
        });
  }
}
