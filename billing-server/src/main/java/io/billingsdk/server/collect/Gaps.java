package io.billingsdk.server.collect;

import io.billingsdk.wire.SeqRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

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

  static Gaps of(Connection connection, int streamId, long highest) throws SQLException {
    Map<Long, Long> missing = new TreeMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT first_seq, last_seq FROM stream_gap WHERE stream_id = ?")) {
      query.setInt(1, streamId);
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          missing.put(found.getLong(1), found.getLong(2));
        }
      }
    }
    return new Gaps(streamId, highest, missing);
  }

  /** These numbers have come. */
  Gaps fill(Collection<Long> numbers) {
    for (SeqRange range : SeqRange.covering(new TreeSet<>(numbers))) {
      fill(range);
    }
    return this;
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
      gap = missing.lowerEntry(range.first());
    }
    return this;
  }

  long highest() {
    return highest;
  }

  Map<Long, Long> missing() {
    return Map.copyOf(missing);
  }

  void save(Connection connection) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE stream SET highest_seq = ?, last_seen = now() WHERE stream_id = ?")) {
      update.setLong(1, highest);
      update.setInt(2, streamId);
      update.executeUpdate();
    }
    if (!before.equals(missing)) {
      replace(connection);
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
