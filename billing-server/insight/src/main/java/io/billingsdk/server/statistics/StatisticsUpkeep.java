package io.billingsdk.server.statistics;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Removes what nobody needs: the room of uses whose events never came, which counts for nothing
 * since its time; notices of days that are over; and sessions and guests who ended a month ago and
 * never used anything.
 */
final class StatisticsUpkeep implements Job {
  private static final Duration NOTICES = Duration.ofDays(7);
  private static final Duration UNUSED = Duration.ofDays(30);

  private final Database database;
  private final InstantSource clock;

  StatisticsUpkeep(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "statistics-upkeep";
  }

  @Override
  public Duration every() {
    return Duration.ofMinutes(10);
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    database.useTransaction(handle -> LimitRows.clear(handle, now));
    database.useTransaction(handle -> LimitNotices.clear(handle, now.minus(NOTICES)));
    database.useTransaction(handle -> PersonRows.forgetUnused(handle, now.minus(UNUSED)));
  }
}
