package io.billingsdk.server.statistics;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.InstantSource;

/** Removes the room of uses whose events never came; it counts for nothing since its time. */
final class Reservations implements Job {
  private final Database database;
  private final InstantSource clock;

  Reservations(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "statistics-reservations";
  }

  @Override
  public Duration every() {
    return Duration.ofMinutes(10);
  }

  @Override
  public void run() {
    database.useTransaction(handle -> LimitRows.clear(handle, clock.instant()));
  }
}
