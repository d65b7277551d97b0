package io.billingsdk.server.revenue;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.revenue.Ratios.Ratio;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** How much of the time a server ran and could write to the database. Thread-safe. */
final class Uptime {
  private final Database database;

  Uptime(Database database) {
    this.database = database;
  }

  /** Notes that it is up. */
  void note(Instant at) {
    database.useTransaction(handle -> UptimeRows.note(handle, at));
  }

  /**
   * Its share of the whole hours of a time, from the first noted hour of all to the running one.
   *
   * @param now the hour that holds it is not over
   */
  Optional<Ratio> of(Instant from, Instant to, Instant now) {
    return database.read(
        handle -> {
          Optional<Instant> first = UptimeRows.first(handle);
          if (first.isEmpty()) {
            return Optional.empty();
          }
          // The first hour has no minutes from before the start.
          Instant begin = later(wholeHour(from), first.get().plus(Duration.ofHours(1)));
          Instant end = earlier(wholeHour(to), now.truncatedTo(ChronoUnit.HOURS));
          if (!begin.isBefore(end)) {
            return Optional.empty();
          }
          long up = UptimeRows.minutesUp(handle, begin, end);
          return Optional.of(Ratio.of(up, Duration.between(begin, end).toMinutes()));
        });
  }

  /** Zones of half hours and quarters have months that begin within an hour. */
  private static Instant wholeHour(Instant at) {
    Instant hour = at.truncatedTo(ChronoUnit.HOURS);
    return hour.equals(at) ? hour : hour.plus(Duration.ofHours(1));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
