package io.billingsdk.examples.demo;

import io.billingsdk.examples.usage.UsageLine;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the billing server's tables hold, asked for by SQL.
 *
 * @param lines the events, summed up by application, key, module and model
 * @param rollups the same sums as the server keeps them beside the events
 * @param refused events that were rejected or contradict another
 * @param streams the events of each producer, and the missing ones
 */
public record LedgerState(
    List<UsageLine> lines, List<UsageLine> rollups, long refused, List<StreamState> streams) {
  private static final String EVENTS =
      "SELECT coalesce(app_id, '(unknown)'), coalesce(key_id, ''), module, model, count(*),"
          + " sum(usage) FROM usage_event GROUP BY 1, 2, 3, 4";
  private static final String ROLLUPS =
      "SELECT app_id, key_id, module, model, sum(events), sum(usage) FROM usage_rollup"
          + " GROUP BY 1, 2, 3, 4";
  private static final String REFUSED =
      "SELECT (SELECT count(*) FROM rejected_event) + (SELECT count(*) FROM conflicting_event)";

  private static final String COUNTED =
      "SELECT coalesce(sum(settled), 0)::bigint FROM quota_counter_shard WHERE quota_id = ?";

  /** The lists are copied. */
  public LedgerState {
    lines = List.copyOf(lines);
    rollups = List.copyOf(rollups);
    streams = List.copyOf(streams);
  }

  static LedgerState read(Database database) throws SQLException {
    List<StreamState> streams = new Streams(database).all();
    return database.call(
        connection ->
            new LedgerState(
                lines(connection, EVENTS),
                lines(connection, ROLLUPS),
                refused(connection),
                streams));
  }

  /** How many calls the quota of a key has counted. */
  static long countedCalls(Database database, String keyId) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(COUNTED)) {
            query.setString(1, "key/" + keyId + "/calls");
            try (ResultSet row = query.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  /** How many events are stored. */
  public long stored() {
    return ScenarioResult.events(lines);
  }

  /** How many numbers are missing, in all streams. */
  long missing() {
    return streams.stream()
        .flatMap(stream -> stream.gaps().stream())
        .mapToLong(gap -> gap.last() - gap.first() + 1)
        .sum();
  }

  /** Whether every stream has come as far as its producer says that it is. */
  boolean isComplete() {
    return streams.stream().allMatch(StreamState::isComplete);
  }

  private static List<UsageLine> lines(Connection connection, String sql) throws SQLException {
    List<UsageLine> lines = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        BigDecimal usage = row.getBigDecimal(6);
        lines.add(
            new UsageLine(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                usage));
      }
    }
    return lines.stream().sorted().toList();
  }

  private static long refused(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(REFUSED);
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
