package io.billingsdk.server.ledger;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.ResultRow;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * Cuts of the ledger: a row with the number of a cut, or a lower one, never changes again, and no
 * new row with it appears. A time cannot be such a border: a transaction that began before it may
 * be committed after it.
 *
 * <p>Guarantees that while a cut waits for earlier writers, later ones wait for at most 200 ms: the
 * cut gives way, and is tried again. It does not wait for ever: a transaction that was prepared and
 * never ended would hold it up. Thread-safe; of several at once, one is made after the other.
 */
public final class Cuts {
  /** Less than 200 ms: those who wait behind it wait for its COMMIT too. */
  private static final String GIVE_WAY = "SET LOCAL lock_timeout = '100ms'";

  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing.ledger'))";

  // A statement of its own: it must see the cut for which the lock had to wait.
  private static final String CLOSE =
      """
      INSERT INTO ledger_cut (cut_no) SELECT coalesce(max(cut_no), 0) + 1 FROM ledger_cut
      RETURNING cut_no
      """;

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 1_000;

  private final Database database;
  private final Duration patience;

  /** In a database. */
  public Cuts(Database database) {
    this(database, PATIENCE);
  }

  /**
   * In a database.
   *
   * @param patience how long a cut is tried
   */
  Cuts(Database database, Duration patience) {
    this.database = database;
    this.patience = patience;
  }

  /**
   * Makes a cut: closes the number that is open, and returns it.
   *
   * @throws RequestRefusedException when a transaction has written to the ledger for a minute, and
   *     goes on
   */
  public long make() throws InterruptedException {
    long begun = System.nanoTime();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return closed();
      } catch (DatabaseException failed) {
        if (!LOCK_NOT_AVAILABLE.equals(failed.sqlState())) {
          throw failed;
        }
        if (System.nanoTime() - begun > patience.toNanos()) {
          throw RequestRefusedException.conflict(
              "ledger",
              "a transaction has written to the ledger for "
                  + patience.toSeconds()
                  + " s and has not ended: look into pg_prepared_xacts and pg_stat_activity");
        }
      }
      Thread.sleep(pause);
      pause = Math.min(LAST_PAUSE_MILLIS, 2 * pause);
    }
  }

  /** The last one that was made; 0 when there is none. */
  public long last() {
    return database.read(
        handle -> number(handle, "SELECT coalesce(max(cut_no), 0) AS cut_no FROM ledger_cut"));
  }

  private long closed() {
    return database.inTransaction(
        handle -> {
          handle.execute(GIVE_WAY);
          handle.execute(LOCK);
          return number(handle, CLOSE);
        });
  }

  private static long number(Handle handle, String sql) {
    return handle.createQuery(sql).map(ResultRow.to(row -> row.number("cut_no"))).one();
  }
}
