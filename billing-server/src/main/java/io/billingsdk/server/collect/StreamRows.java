package io.billingsdk.server.collect;

import io.billingsdk.wire.SeqRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The rows of the streams of one batch, locked until its transaction ends. While they are, nobody
 * else adds to these streams: what they say of the numbers that have come is true.
 */
final class StreamRows {
  private final Map<UUID, Gaps> rows = new HashMap<>();

  private StreamRows() {}

  /**
   * Locks the streams, and makes those that are new. In one order everywhere: two collectors with
   * events of the same streams wait for each other and never in a circle.
   */
  static StreamRows lock(Connection connection, List<StreamEntries> streams) throws SQLException {
    StreamRows locked = new StreamRows();
    UUID[] uuids = streams.stream().map(StreamEntries::stream).toArray(UUID[]::new);
    Map<UUID, Long> highest = new HashMap<>();
    Map<UUID, Integer> ids = select(connection, uuids, highest);
    if (ids.size() < uuids.length) {
      insert(connection, streams);
      ids = select(connection, uuids, highest);
    }
    // Only now: what the others noted is seen by a statement that begins after the wait.
    Map<Integer, Map<Long, Long>> missing =
        missing(connection, ids.values().toArray(Integer[]::new));
    ids.forEach(
        (uuid, id) ->
            locked.rows.put(
                uuid,
                new Gaps(
                    id,
                    Objects.requireNonNull(highest.get(uuid)),
                    missing.getOrDefault(id, Map.of()))));
    return locked;
  }

  int id(UUID stream) {
    return of(stream).streamId();
  }

  /** Whether a number has come before, whatever became of it. */
  boolean hasCome(UUID stream, long seq) {
    return of(stream).hasCome(seq);
  }

  /** The numbers that came: closes gaps, raises the highest, notes new gaps. */
  void came(Connection connection, List<StreamEntries> streams) throws SQLException {
    List<Gaps> changed = new ArrayList<>();
    for (StreamEntries each : streams) {
      Gaps gaps = of(each.stream());
      for (SeqRange range : each.numbers()) {
        gaps.fill(range);
      }
      changed.add(gaps);
    }
    Gaps.save(connection, changed);
  }

  private Gaps of(UUID stream) {
    return Objects.requireNonNull(rows.get(stream), "locked");
  }

  private static Map<UUID, Integer> select(
      Connection connection, UUID[] uuids, Map<UUID, Long> highest) throws SQLException {
    Map<UUID, Integer> ids = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT uuid, stream_id, highest_seq FROM stream WHERE uuid = ANY(?) ORDER BY stream_id"
                + " FOR UPDATE")) {
      query.setArray(1, connection.createArrayOf("uuid", uuids));
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          UUID uuid = found.getObject(1, UUID.class);
          ids.put(uuid, found.getInt(2));
          highest.put(uuid, found.getLong(3));
        }
      }
    }
    return ids;
  }

  private static Map<Integer, Map<Long, Long>> missing(Connection connection, Integer[] ids)
      throws SQLException {
    Map<Integer, Map<Long, Long>> missing = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT stream_id, first_seq, last_seq FROM stream_gap WHERE stream_id = ANY(?)")) {
      query.setArray(1, connection.createArrayOf("integer", ids));
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          missing
              .computeIfAbsent(found.getInt(1), any -> new TreeMap<>())
              .put(found.getLong(2), found.getLong(3));
        }
      }
    }
    return missing;
  }

  private static void insert(Connection connection, List<StreamEntries> streams)
      throws SQLException {
    List<StreamEntries> ordered = new ArrayList<>(streams);
    ordered.sort(Comparator.comparing(StreamEntries::stream));
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO stream (uuid, instance, origin) VALUES (?, ?, ?) ON CONFLICT (uuid) DO"
                + " NOTHING")) {
      for (StreamEntries each : ordered) {
        insert.setObject(1, each.stream());
        insert.setString(2, each.instance());
        insert.setString(3, each.origin().text());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
