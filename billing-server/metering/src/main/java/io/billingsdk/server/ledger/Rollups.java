package io.billingsdk.server.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one transaction adds to the sums, by hour, app, key, module and model. */
final class Rollups {
  // In one order everywhere: two collectors may have drawn the same shard.
  private static final String ADD =
      """
      INSERT INTO usage_rollup_shard AS r
        (hour, app_id, key_id, module, model, shard, events, usage, cut_no)
      SELECT to_timestamp(second), app_id, key_id, module, model, ?, events, usage, ?
      FROM unnest(?, ?, ?, ?, ?, ?, ?)
        AS batch (second, app_id, key_id, module, model, events, usage)
      ORDER BY 1, 2, 3, 4, 5
      ON CONFLICT (hour, app_id, key_id, module, model, shard, cut_no)
      DO UPDATE SET events = r.events + excluded.events, usage = r.usage + excluded.usage
      """;

  private static final long HOUR_SECONDS = 3_600;

  private record Group(long second, String app, String key, String module, String model) {}

  private static final class Sum {
    private long events;
    private BigDecimal usage = BigDecimal.ZERO;

    void add(long moreEvents, BigDecimal moreUsage) {
      events += moreEvents;
      usage = usage.add(moreUsage);
    }
  }

  private final Map<Group, Sum> sums = new HashMap<>();

  // Of the event before: mostly those of the next.
  private @Nullable Group lastGroup;
  private Sum lastSum = new Sum();

  /** Adds an event. */
  void add(EventRow event) {
    Group group =
        new Group(
            hour(Math.floorDiv(event.occurredMillis(), 1_000)),
            orEmpty(event.owner().app()),
            orEmpty(event.owner().keyId()),
            event.module(),
            event.model());
    sumOf(group).add(1, event.usage());
  }

  /** Adds the effect of an earlier change: so many events, and so much usage. */
  void add(AppendedEvent change, long events, BigDecimal usage) {
    add(change, change.app(), change.keyId(), events, usage);
  }

  /** The same, under an app and a key that are not those of the change. */
  void add(
      AppendedEvent change,
      @Nullable String app,
      @Nullable String key,
      long events,
      BigDecimal usage) {
    Group group =
        new Group(
            hour(change.occurredAt().getEpochSecond()),
            orEmpty(app),
            orEmpty(key),
            change.module(),
            change.model());
    sumOf(group).add(events, usage);
  }

  /** In UTC, in which every hour is whole. */
  private static long hour(long second) {
    return Math.floorDiv(second, HOUR_SECONDS) * HOUR_SECONDS;
  }

  private Sum sumOf(Group group) {
    if (!group.equals(lastGroup)) {
      lastSum = sums.computeIfAbsent(group, any -> new Sum());
      lastGroup = group;
    }
    return lastSum;
  }

  void save(Connection connection, short shard, long cutNo) throws SQLException {
    if (sums.isEmpty()) {
      return;
    }
    List<Map.Entry<Group, Sum>> rows = List.copyOf(sums.entrySet());
    // By hand: for each batch of the collector.
    try (PreparedStatement insert = connection.prepareStatement(ADD)) {
      insert.setShort(1, shard);
      insert.setLong(2, cutNo);
      insert.setArray(3, column(connection, "bigint", rows, row -> row.getKey().second));
      insert.setArray(4, column(connection, "text", rows, row -> row.getKey().app));
      insert.setArray(5, column(connection, "text", rows, row -> row.getKey().key));
      insert.setArray(6, column(connection, "text", rows, row -> row.getKey().module));
      insert.setArray(7, column(connection, "text", rows, row -> row.getKey().model));
      insert.setArray(8, column(connection, "bigint", rows, row -> row.getValue().events));
      insert.setArray(9, column(connection, "numeric", rows, row -> row.getValue().usage));
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
