package io.billingsdk.server.ledger;

import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table that holds of each event who it is and what it said: its primary key counts it once.
 */
final class Identities {
  private static final String STORED =
      "SELECT stream_id, seq, i.hash FROM unnest(?, ?) AS asked (stream_id, seq) JOIN"
          + " event_identity i USING (stream_id, seq)";

  private static final String COPY =
      "COPY event_identity (stream_id, seq, hash) FROM STDIN (FORMAT binary)";

  private Identities() {}

  /** The existing identities of these events, with their content. */
  static Map<EventId, byte[]> stored(Connection connection, Collection<EventId> asked)
      throws SQLException {
    Map<EventId, byte[]> stored = new HashMap<>();
    if (asked.isEmpty()) {
      return stored;
    }
    // By hand: for each batch, and with a row for each of its events.
    try (PreparedStatement query = connection.prepareStatement(STORED)) {
      query.setArray(
          1, connection.createArrayOf("integer", asked.stream().map(EventId::streamId).toArray()));
      query.setArray(
          2, connection.createArrayOf("bigint", asked.stream().map(EventId::seq).toArray()));
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          stored.put(new EventId(found.getInt(1), found.getLong(2)), found.getBytes(3));
        }
      }
    }
    return stored;
  }

  /**
   * Adds these.
   *
   * @throws SQLException with a unique violation when one of them is there
   */
  static void add(Connection connection, List<EventRow> events) throws SQLException {
    try (BinaryCopy copy = BinaryCopy.by(connection, COPY)) {
      for (EventRow each : events) {
        copy.row(3);
        copy.integer(each.streamId());
        copy.bigint(each.seq());
        copy.bytea(each.hash());
      }
      copy.end();
    }
  }
}
