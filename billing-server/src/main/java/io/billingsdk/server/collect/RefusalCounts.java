package io.billingsdk.server.collect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** How much of whom was refused for which reason, and how much of it is kept. For one batch. */
final class RefusalCounts {
  private static final String ADD =
      """
      INSERT INTO refusal_count AS c (sender, code, refused, kept) VALUES (?, ?, ?, ?)
      ON CONFLICT (sender, code) DO UPDATE SET
        refused = c.refused + excluded.refused, kept = c.kept + excluded.kept, last_at = now()
      """;

  // In one order everywhere: two lanes with the same rows wait for each other in no circle.
  private final Map<Key, long[]> counts =
      new TreeMap<>(Comparator.comparing(Key::sender).thenComparing(Key::code));

  private record Key(String sender, String code) {}

  void add(String sender, String code, boolean kept) {
    long[] both = counts.computeIfAbsent(new Key(sender, code), any -> new long[2]);
    both[0]++;
    both[1] += kept ? 1 : 0;
  }

  void save(Connection connection) throws SQLException {
    if (counts.isEmpty()) {
      return;
    }
    try (PreparedStatement add = connection.prepareStatement(ADD)) {
      for (Map.Entry<Key, long[]> each : counts.entrySet()) {
        add.setString(1, each.getKey().sender());
        add.setString(2, each.getKey().code());
        add.setLong(3, each.getValue()[0]);
        add.setLong(4, each.getValue()[1]);
        add.addBatch();
      }
      add.executeBatch();
    }
  }
}
