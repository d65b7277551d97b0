package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Counts refused events by sender and reason, and how many of them are kept. For one batch. */
final class RejectionCounts {
  private static final String ADD =
      """
      INSERT INTO refusal_count AS c (sender, code, refused, kept) VALUES (:sender, :code, :refused, :kept)
      ON CONFLICT (sender, code) DO UPDATE SET
        refused = c.refused + excluded.refused, kept = c.kept + excluded.kept, last_at = now()
      """;

  // In one order everywhere: two lanes with the same rows wait for each other in no circle.
  private final Map<Key, long[]> counts =
      new TreeMap<>(Comparator.comparing(Key::sender).thenComparing(Key::code));

  /** Nothing yet. */
  RejectionCounts() {}

  private record Key(String sender, String code) {}

  /** Counts one. */
  void add(String sender, String code, boolean kept) {
    long[] both = counts.computeIfAbsent(new Key(sender, code), any -> new long[2]);
    both[0]++;
    both[1] += kept ? 1 : 0;
  }

  /** Adds it to what was counted before. */
  void save(Connection connection) throws SQLException {
    if (counts.isEmpty()) {
      return;
    }
    var unused = Database.joined(connection, this::insert);
  }

  private int[] insert(Handle handle) {
    PreparedBatch batch = handle.prepareBatch(ADD);
    counts.forEach(
        (key, both) ->
            batch
                .bind("sender", key.sender())
                .bind("code", key.code())
                .bind("refused", both[0])
                .bind("kept", both[1])
                .add());
    return batch.execute();
  }
}
