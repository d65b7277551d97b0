package io.billingsdk.server.notifications;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of the database, by which deliveries are due and taken: servers whose clocks differ
 * would take what another one has. Not within a transaction: each look has a connection of its own.
 */
final class DatabaseClock implements InstantSource {
  private final Database database;

  DatabaseClock(Database database) {
    this.database = database;
  }

  @Override
  public Instant instant() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT clock_timestamp() AS now")
                .map(ResultRow.to(row -> row.time("now")))
                .one());
  }
}
