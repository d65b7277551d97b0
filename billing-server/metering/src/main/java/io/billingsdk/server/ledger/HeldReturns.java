package io.billingsdk.server.ledger;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.BatchReplays.Replayed;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Takes held events in as they were kept, by the way that a replay takes: marked as replayed and in
 * the audit log, a page in one transaction. Thread-safe.
 */
final class HeldReturns {
  /** An event that any server has taken in is held no longer. */
  private static final String FORGET =
      "DELETE FROM held_event h USING replay r WHERE r.rejected_id = h.rejected_id";

  private static final Actor ACTOR = new Actor("server");

  private final Database database;
  private final BatchReplays.BatchReplayStorage storage;

  /**
   * In a database, in the name of the server.
   *
   * @param storage where events go
   */
  HeldReturns(Database database, BatchReplays.BatchReplayStorage storage) {
    this.database = database;
    this.storage = storage;
  }

  /** How many were taken in, and the last that was looked at; 0 when there are no more. */
  private record ReturnedPage(int taken, long last) {}

  /**
   * Takes in those that happened within a time.
   *
   * @param most so many in one transaction
   * @return how many
   */
  int takeIn(Instant from, Instant to, int most) {
    int taken = 0;
    ReturnedPage page = new ReturnedPage(0, 0);
    do {
      long after = page.last();
      page =
          database.inTransaction(
              (handle, connection) -> page(handle, connection, from, to, after, most));
      taken += page.taken();
    } while (page.last() != 0);
    return taken;
  }

  private ReturnedPage page(
      Handle handle, Connection connection, Instant from, Instant to, long after, int most)
      throws SQLException {
    List<RejectedEvent> held = RefusedRows.held(handle, from, to, after, most);
    if (held.isEmpty()) {
      return new ReturnedPage(0, 0);
    }
    BatchReplays.lock(handle);
    List<Replayed> replayed =
        storage.storeAll(connection, held, /* offsetMillis= */ 0, /* app= */ null);
    int taken = BatchReplays.mark(handle, ACTOR, replayed, /* offsetMillis= */ 0);
    handle.execute(FORGET);
    return new ReturnedPage(taken, held.size() < most ? 0 : held.get(held.size() - 1).id());
  }
}
