package io.billingsdk.server.collect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of the streams of one batch, locked until its transaction ends. */
final class StreamRows {
  /** One of them. */
  record Row(int id, long highest) {}

  private final Map<UUID, Row> rows = new HashMap<>();

  private StreamRows() {}

  /**
   * Locks the streams, and makes those that are new. In one order everywhere: two collectors with
   * events of the same streams wait for each other and never in a circle.
   *
   * @param instances each stream's producer; null when it is not known
   */
  static StreamRows lock(Connection connection, Map<UUID, @Nullable String> instances)
      throws SQLException {
    StreamRows locked = new StreamRows();
    locked.select(connection, instances.keySet());
    if (locked.rows.size() < instances.size()) {
      insert(connection, new TreeMap<>(instances));
      locked.select(connection, instances.keySet());
    }
    return locked;
  }

  Row of(UUID stream) {
    return Objects.requireNonNull(rows.get(stream), "locked");
  }

  int id(UUID stream) {
    return of(stream).id();
  }

  /** The numbers that came: closes gaps, raises the highest, notes new gaps. */
  void came(Connection connection, Map<UUID, ? extends Collection<Long>> numbers)
      throws SQLException {
    for (Map.Entry<UUID, ? extends Collection<Long>> each : numbers.entrySet()) {
      Row row = of(each.getKey());
      Gaps.of(connection, row.id(), row.highest()).fill(each.getValue()).save(connection);
    }
  }

  private void select(Connection connection, Collection<UUID> streams) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT uuid, stream_id, highest_seq FROM stream WHERE uuid = ANY(?) ORDER BY stream_id"
                + " FOR UPDATE")) {
      query.setArray(1, connection.createArrayOf("uuid", List.copyOf(streams).toArray()));
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          rows.put(found.getObject(1, UUID.class), new Row(found.getInt(2), found.getLong(3)));
        }
      }
    }
  }

  private static void insert(Connection connection, TreeMap<UUID, @Nullable String> instances)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO stream (uuid, instance) VALUES (?, ?) ON CONFLICT (uuid) DO NOTHING")) {
      for (Map.Entry<UUID, @Nullable String> each : instances.entrySet()) {
        insert.setObject(1, each.getKey());
        insert.setString(2, each.getValue());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
