package io.billingsdk.server.ledger;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.KnownApp;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.RejectedEventReplay.Duplicate;
import io.billingsdk.server.ledger.RejectedEventReplay.ReplayOutcome;
import io.billingsdk.server.ledger.RejectedEventReplay.Stored;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes rejected events in again, a page at a time: as {@link RejectedEventReplay} does with one,
 * and with their times moved by one offset, for an instance whose clock was wrong.
 *
 * <p>Guarantees that a page is one transaction, that an event which gets into the ledger is marked
 * as replayed and in the audit log, and that a dry run changes nothing. Thread-safe; of several at
 * once, one works after the other.
 */
public final class BatchReplays {
  /** Any number: those who replay pages wait for each other, since they lock many streams. */
  private static final long LOCK = 0x62_69_6c_6c_72_70L;

  private final Database database;
  private final Actor actor;
  private final BatchReplayStorage storage;

  /**
   * In a database.
   *
   * @param actor who replays
   * @param storage where events go
   */
  public BatchReplays(Database database, Actor actor, BatchReplayStorage storage) {
    this.database = database;
    this.actor = actor;
    this.storage = storage;
  }

  /** Puts events through what every event goes through on its way into the ledger. */
  @FunctionalInterface
  public interface BatchReplayStorage {
    /**
     * Stores those that can be stored.
     *
     * @param connection whose transaction is the caller's
     * @param offsetMillis the amount added to their times
     * @param app only those whose key belongs to it; null for all
     * @return one for each that was meant, in their order
     */
    List<Replayed> storeAll(
        Connection connection,
        List<RejectedEvent> rejected,
        long offsetMillis,
        @Nullable String app)
        throws SQLException;
  }

  /**
   * Which rejected events, and how.
   *
   * @param filter which, of those that were not replayed yet
   * @param app only those whose key belongs to it; null for all
   * @param offsetMillis the amount added to their times; 0: as they were kept
   * @param isDryRun whether nothing is to be changed
   */
  public record Order(
      RejectedEvents.Filter filter, @Nullable String app, long offsetMillis, boolean isDryRun) {}

  /**
   * What became of one.
   *
   * @param occurred the time that it has now; null when it has none
   */
  public record Replayed(
      RejectedEvent rejected, ReplayOutcome outcome, @Nullable Instant occurred) {}

  /**
   * What became of a page.
   *
   * @param looked how many were looked at
   * @param replayed those that were meant, in the order of their ids
   * @param last the id of the last one looked at; null when there are no more behind it
   */
  public record ReplayPage(int looked, List<Replayed> replayed, @Nullable Long last) {}

  /**
   * Replays a page.
   *
   * @param after only those with a higher id
   * @param most so many at most
   */
  public ReplayPage replay(Order order, long after, int most) {
    return database.inTransaction(
        (handle, connection) -> replay(handle, connection, order, after, most));
  }

  private ReplayPage replay(Handle handle, Connection connection, Order order, long after, int most)
      throws SQLException {
    if (order.app() != null) {
      KnownApp.require(handle, order.app());
    }
    lock(handle);
    List<RejectedEvent> found = RefusedRows.toReplay(handle, order.filter(), after, most + 1);
    List<RejectedEvent> page = found.subList(0, Math.min(most, found.size()));
    Savepoint before = connection.setSavepoint();
    List<Replayed> replayed = storage.storeAll(connection, page, order.offsetMillis(), order.app());
    if (order.isDryRun()) {
      connection.rollback(before);
    } else {
      var unused = mark(handle, actor, replayed, order.offsetMillis());
    }
    return new ReplayPage(
        page.size(), replayed, found.size() > most ? page.get(page.size() - 1).id() : null);
  }

  /** Marks those that are in the ledger now; returns how many. */
  static int mark(Handle handle, Actor actor, List<Replayed> replayed, long offsetMillis) {
    int marked = 0;
    for (Replayed each : replayed) {
      if (each.outcome() instanceof Stored || each.outcome() instanceof Duplicate) {
        String outcome = each.outcome() instanceof Stored ? "stored" : "duplicate";
        RejectedEventReplay.mark(
            handle, actor, each.rejected(), outcome, /* amended= */ false, offsetMillis);
        marked++;
      }
    }
    return marked;
  }

  static void lock(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
  }
}
