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
}
