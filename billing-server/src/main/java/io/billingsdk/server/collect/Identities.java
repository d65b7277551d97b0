package io.billingsdk.server.collect;

import io.billingsdk.protocol.ContentHash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  /** Where an event is in the ledger. */
  record Place(int streamId, long seq) {
    static Place of(Candidate candidate) {
      return new Place(candidate.streamId(), candidate.seq());
    }
  }

  private Identities() {}

  /** What is there of these events, and what it said. */
  static Map<Place, ContentHash> stored(Connection connection, List<Candidate> asked)
      throws SQLException {
    Map<Place, ContentHash> stored = new HashMap<>();
    if (asked.isEmpty()) {
      return stored;
    }
    try (PreparedStatement query = connection.prepareStatement(STORED)) {
      query.setArray(
          1, connection.createArrayOf("integer", asked.stream().map(c -> c.streamId()).toArray()));
      query.setArray(
          2, connection.createArrayOf("bigint", asked.stream().map(c -> c.seq()).toArray()));
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          stored.put(
              new Place(found.getInt(1), found.getLong(2)), ContentHash.ofBytes(found.getBytes(3)));
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
  static void add(Connection connection, List<Candidate> events) throws SQLException {
    try (BinaryCopy copy = BinaryCopy.into(connection, "event_identity (stream_id, seq, hash)")) {
      for (Candidate each : events) {
        copy.row(3);
        copy.integer(each.streamId());
        copy.bigint(each.seq());
        copy.bytea(each.event().hash().bytes());
      }
      copy.end();
    }
  }
}
