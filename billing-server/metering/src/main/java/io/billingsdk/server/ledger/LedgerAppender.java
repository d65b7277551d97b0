package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;

/**
 * The one writer of the ledger: batches, single events, corrections, attributions and replays go
 * through it. It marks each row with the number of the cut that is open, and calls the hooks.
 *
 * <p>Guarantees that no row with the number of a {@linkplain Cuts cut} appears after that cut.
 * Immutable and thread-safe; the transactions are their callers'.
 */
public final class LedgerAppender {
  private static final String NOTHING =
      "INSERT INTO event_identity SELECT * FROM event_identity WHERE false";

  private final List<AppendHook> hooks;

  /**
   * One with hooks.
   *
   * @throws IllegalArgumentException when two of them have one name
   */
  public LedgerAppender(List<AppendHook> hooks) {
    this.hooks = hooks.stream().sorted(Comparator.comparing(AppendHook::name)).toList();
    for (int i = 1; i < this.hooks.size(); i++) {
      String name = this.hooks.get(i).name();
      if (name.equals(this.hooks.get(i - 1).name())) {
        throw new IllegalArgumentException(
            "hooks: each must have a name of its own, but two have the name " + name);
      }
    }
  }

  /** One without hooks. */
  public static LedgerAppender withoutHooks() {
    return new LedgerAppender(List.of());
  }

  /**
   * Begins to write. The caller has locked no row yet: a cut that waits holds up who comes here,
   * and one who waits here with a row would hold up the writers for which the cut waits.
   *
   * @param connection with a transaction in READ COMMITTED, which the caller ends
   */
  public LedgerTransaction begin(Connection connection) throws SQLException {
    // By hand: for each batch of the collector.
    try (PreparedStatement query = connection.prepareStatement("SELECT open_cut()");
        ResultSet row = query.executeQuery()) {
      row.next();
      return new LedgerTransaction(connection, row.getLong(1), hooks);
    }
  }

  /** Throws when the ledger cannot be written to now; adds nothing. */
  public static void requireWritable(Database database) throws SQLException {
    var unused =
        database.call(connection -> Database.joined(connection, handle -> handle.execute(NOTHING)));
  }

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
}
