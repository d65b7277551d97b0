package io.billingsdk.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What a feature does with each row that is added to the ledger, in the transaction that adds it:
 * it writes to tables of its own, and both are committed or neither is.
 *
 * <p>Locks are taken in one order by all writers: the ledger's number, the rows of the streams,
 * idempotency keys, identities, rollups, and then hook after hook in the order of their names. A
 * hook locks its own rows in an order of its own that is the same each time, and rows of nobody
 * else: two lanes would otherwise wait for each other in a circle.
 *
 * <p>A hook is called by several threads at once, each with a transaction of its own. It must be
 * short, since the lane waits for it, and must neither commit nor roll back. When it throws,
 * nothing of the transaction is stored, and a batch is tried again until the hook succeeds.
 */
public interface AppendHook {
  /** Its place in the order: a name that no other hook has, and that never changes. */
  String name();

  /**
   * Takes in all rows that a transaction has just added by one change.
   *
   * @param transaction in which they were added
   * @param rows in no order that means something
   * @throws SQLException when they cannot be taken in; then they are not added either
   */
  void appended(Connection transaction, List<AppendedEvent> rows) throws SQLException;
}
