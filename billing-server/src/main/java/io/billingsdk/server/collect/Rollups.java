package io.billingsdk.server.collect;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The sums of one batch, by hour, app, key, module and model. */
final class Rollups {
  // In one order everywhere: two collectors may have drawn the same shard.
  private static final String ADD =
      """
      INSERT INTO usage_rollup_shard AS r
      SELECT to_timestamp(second), app_id, key_id, module, model, ?, events, usage
      FROM unnest(?, ?, ?, ?, ?, ?, ?)
        AS batch (second, app_id, key_id, module, model, events, usage)
      ORDER BY 1, 2, 3, 4, 5
      ON CONFLICT (hour, app_id, key_id, module, model, shard)
      DO UPDATE SET events = r.events + excluded.events, usage = r.usage + excluded.usage
      """;

  private static final long HOUR_SECONDS = 3_600;

  private record Group(long second, String app, String key, String module, String model) {}

  private static final class Sum {
    private long events;
    private BigDecimal usage = BigDecimal.ZERO;
  }

  private final Map<Group, Sum> sums = new HashMap<>();

  // Of the event before: mostly those of the next.
  private @Nullable Group lastGroup;
  private Sum lastSum = new Sum();

  void add(Candidate event, KeyOwners.Owner owner) {
    long hour = Math.floorDiv(event.event().timestampMillis(), HOUR_SECONDS * 1_000);
    Sum sum =
        sumOf(
            new Group(
                hour * HOUR_SECONDS,
                orEmpty(owner.app()),
                orEmpty(owner.keyId()),
                event.event().module(),
                event.event().model()));
    sum.events++;
    sum.usage = sum.usage.add(event.event().usage());
  }

  private Sum sumOf(Group group) {
    if (!group.equals(lastGroup)) {
      lastSum = sums.computeIfAbsent(group, any -> new Sum());
      lastGroup = group;
    }
    return lastSum;
  }

  void save(Connection connection, short shard) throws SQLException {
    if (sums.isEmpty()) {
      return;
    }
    List<Map.Entry<Group, Sum>> rows = List.copyOf(sums.entrySet());
    try (PreparedStatement insert = connection.prepareStatement(ADD)) {
      insert.setShort(1, shard);
      insert.setArray(2, column(connection, "bigint", rows, row -> row.getKey().second));
      insert.setArray(3, column(connection, "text", rows, row -> row.getKey().app));
      insert.setArray(4, column(connection, "text", rows, row -> row.getKey().key));
      insert.setArray(5, column(connection, "text", rows, row -> row.getKey().module));
      insert.setArray(6, column(connection, "text", rows, row -> row.getKey().model));
      insert.setArray(7, column(connection, "bigint", rows, row -> row.getValue().events));
      insert.setArray(8, column(connection, "numeric", rows, row -> row.getValue().usage));
      insert.executeUpdate();
    }
  }

  private static java.sql.Array column(
      Connection connection,
      String type,
      List<Map.Entry<Group, Sum>> rows,
      Function<Map.Entry<Group, Sum>, Object> value)
      throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(value).toArray());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
