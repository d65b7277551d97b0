package io.billingsdk.server.collect;

import io.billingsdk.wire.SeqRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Which numbers of a stream have not come, below the highest that has. For one transaction. */
final class Gaps {
  private final int streamId;
  private final TreeMap<Long, Long> missing = new TreeMap<>();
  private final Map<Long, Long> before;
  private long highest;

  Gaps(int streamId, long highest, Map<Long, Long> missing) {
    this.streamId = streamId;
    this.highest = highest;
    this.missing.putAll(missing);
    this.before = Map.copyOf(missing);
  }

  int streamId() {
    return streamId;
  }

  /** Whether a number has come, or never will, which is known. */
  boolean hasCome(long seq) {
    if (seq > highest) {
      return false;
    }
    Map.Entry<Long, Long> gap = missing.floorEntry(seq);
    return gap == null || gap.getValue() < seq;
  }

  /** All numbers of a range have come, or never will, which is known. */
  Gaps fill(SeqRange range) {
    if (range.first() > highest + 1) {
      missing.put(highest + 1, range.first() - 1);
    }
    highest = Math.max(highest, range.last());
    Map.Entry<Long, Long> gap = missing.floorEntry(range.last());
    while (gap != null && gap.getValue() >= range.first()) {
      missing.remove(gap.getKey());
      if (gap.getValue() > range.last()) {
        missing.put(range.last() + 1, gap.getValue());
      }
      if (gap.getKey() < range.first()) {
        missing.put(gap.getKey(), range.first() - 1);
      }
      gap = missing.floorEntry(range.last());
    }
    return this;
  }

  long highest() {
    return highest;
  }

  Map<Long, Long> missing() {
    return Map.copyOf(missing);
  }

  /** Stores what has changed. */
  static void save(Connection connection, Collection<Gaps> streams) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE stream SET highest_seq = u.highest, last_seen = now()"
                + " FROM unnest(?, ?) AS u (id, highest) WHERE stream_id = u.id")) {
      update.setArray(
          1, connection.createArrayOf("integer", streams.stream().map(g -> g.streamId).toArray()));
      update.setArray(
          2, connection.createArrayOf("bigint", streams.stream().map(g -> g.highest).toArray()));
      update.executeUpdate();
    }
    for (Gaps each : streams) {
      if (!each.before.equals(each.missing)) {
        each.replace(connection);
      }
    }
  }

  private void replace(Connection connection) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM stream_gap WHERE stream_id = ?")) {
      delete.setInt(1, streamId);
      delete.executeUpdate();
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO stream_gap VALUES (?, ?, ?)")) {
      for (Map.Entry<Long, Long> gap : missing.entrySet()) {
        insert.setInt(1, streamId);
        insert.setLong(2, gap.getKey());
        insert.setLong(3, gap.getValue());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
