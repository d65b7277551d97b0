package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database can be written: a row that is committed, and pages that were not there
 * before, which a full disk refuses while a small change of an old page still succeeds.
 *
 * <p>It is written at most every two seconds, however many ask: all callers share what was found,
 * and none waits for longer than it wants to. It has a connection and a thread of its own.
 * Thread-safe.
 */
public final class WriteProbe implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WriteProbe.class);

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Of this session alone, and empty again after each commit: it grows from nothing each time. */
  private static final String ROOM =
      "CREATE TEMP TABLE IF NOT EXISTS write_probe_room (filler bigint) ON COMMIT DELETE ROWS";

  private static final String FILL =
      "INSERT INTO pg_temp.write_probe_room SELECT * FROM generate_series(1, 5000)";

  private static final String WRITE =
      "INSERT INTO write_probe (one, written_at) VALUES (true, now())"
          + " ON CONFLICT (one) DO UPDATE SET written_at = excluded.written_at";

  private static final String NO_RIGHT = "42501";

  /** The finding. */
  public enum Found {
    /** It can be written. */
    WRITTEN,
    /** It answers, and cannot be written. */
    REFUSED,
    /** It does not answer, or not in time. */
    AWAY
  }

  private final Database database;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "billing-write-probe");
            made.setDaemon(true);
            return made;
          });

  // Guarded by this: the last probe, which may be under way, and when it began.
  private @Nullable CompletableFuture<Found> last;
  private long begunNanos;

  /** Of the thread of the probes alone: the failure that is logged once. */
  private Found told = Found.WRITTEN;

  private WriteProbe(Database database) {
    this.database = database;
  }

  /** Of the login of the server at a database; nothing is connected yet. */
  public static WriteProbe of(DatabaseAddress address) {
    return new WriteProbe(Database.forProbes(address));
  }

  /**
   * Writes, unless that was done just now.
   *
   * @param patience after which a database that has not answered counts as away
   */
  public Found find(Duration patience) {
    CompletableFuture<Found> asked;
    long begun;
    synchronized (this) {
      CompletableFuture<Found> known = last;
      long now = System.nanoTime();
      if (known == null || (known.isDone() && now - begunNanos >= FRESH_NANOS)) {
        known = CompletableFuture.supplyAsync(this::probe, thread);
        last = known;
        begunNanos = now;
      }
      asked = known;
      begun = begunNanos;
    }
    // From its beginning: one that hangs does not hold up each caller once more.
    return await(asked, patience.toNanos() - (System.nanoTime() - begun));
  }

  private static Found await(CompletableFuture<Found> asked, long nanos) {
    try {
      return asked.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return Found.AWAY;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return Found.AWAY;
    } catch (ExecutionException failed) {
      return Found.REFUSED;
    }
  }

  private Found probe() {
    try {
      database.call(WriteProbe::write);
      tell(Found.WRITTEN, "");
      return Found.WRITTEN;
    } catch (SQLException failed) {
      Found found = isAway(failed) ? Found.AWAY : Found.REFUSED;
      tell(found, InstallationException.reason(failed));
      return found;
    }
  }

  private static boolean write(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try {
        statement.execute(ROOM);
        statement.execute(FILL);
      } catch (SQLException failed) {
        // An operator may have taken the right to temporary tables away: the row has to do then.
        if (!NO_RIGHT.equals(failed.getSQLState())) {
          throw failed;
        }
      }
      statement.execute(WRITE);
      return true;
    }
  }

  private static boolean isAway(SQLException failed) {
    String state = failed.getSQLState();
    return failed instanceof SQLTransientConnectionException
        || state == null
        || state.startsWith("08")
        || state.startsWith("57P");
  }

  private void tell(Found found, String why) {
    if (found == told) {
      return;
    }
    told = found;
    if (found == Found.WRITTEN) {
      log.info("the database can be written again");
    } else {
      log.warn("the database cannot be written: {}", why);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    database.close();
  }
}
