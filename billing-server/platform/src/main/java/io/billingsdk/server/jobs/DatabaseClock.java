package io.billingsdk.server.jobs;

import com.github.kagkarlsson.scheduler.Clock;
import io.billingsdk.server.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The time of the database, the one clock that all servers share. By its own clock a server whose
 * clock is an hour ahead would take every running job of the others for dead, and run it too.
 *
 * <p>The database is asked every half minute; between that the monotonic clock of this machine
 * counts on, while the database is away too. Thread-safe.
 */
final class DatabaseClock implements Clock {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Database database;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Reading last;

  private record Reading(Instant time, long nanos) {
    Instant at(long now) {
      return time.plusNanos(now - nanos);
    }
  }

  DatabaseClock(Database database) {
    this.database = database;
  }

  @Override
  public Instant now() {
    Reading known = last;
    if (known == null || System.nanoTime() - known.nanos() >= FRESH_NANOS) {
      known = ask(known);
    }
    // Only before the database has answered for the first time.
    return known == null ? Instant.now() : known.at(System.nanoTime());
  }

  private @Nullable Reading ask(@Nullable Reading known) {
    // The others go on by what is known, and do not wait for the database too.
    if (!asking.tryLock()) {
      return known;
    }
    try {
      Reading read =
          database.call(
              connection -> {
                try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
                  row.next();
                  return new Reading(
                      row.getObject(1, OffsetDateTime.class).toInstant(), System.nanoTime());
                }
              });
      last = read;
      return read;
    } catch (SQLException | RuntimeException away) {
      return known;
    } finally {
      asking.unlock();
    }
  }
}
