package io.billingsdk.server.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.wire.KeyRecord;
import io.billingsdk.wire.KeyRecord.Quota;
import io.billingsdk.wire.KeyRecord.Rate;
import io.billingsdk.wire.KeyRecord.Status;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys as the feed tells of them, out of their rows. */
final class KeyRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SELECT =
      "SELECT key_id, sha256, app_id, status, reason, version, expires_at, models,"
          + " rate_per_second, rate_burst, quotas FROM api_key WHERE ";

  private KeyRows() {}

  /** Those that changed after a version, in the order of their changes. */
  static List<KeyRecord> since(Connection connection, long version) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(SELECT + "version > ? ORDER BY version")) {
      query.setLong(1, version);
      return read(query);
    }
  }

  static Optional<KeyRecord> one(Connection connection, String keyId) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SELECT + "key_id = ?")) {
      query.setString(1, keyId);
      return read(query).stream().findFirst();
    }
  }

  /** The version of the table: no change after it is seen by this query. */
  static long version(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT version FROM key_table");
        ResultSet found = query.executeQuery()) {
      found.next();
      return found.getLong(1);
    }
  }

  private static List<KeyRecord> read(PreparedStatement query) throws SQLException {
    List<KeyRecord> keys = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        keys.add(record(row));
      }
    }
    return keys;
  }

  private static KeyRecord record(ResultSet row) throws SQLException {
    OffsetDateTime expires = row.getObject("expires_at", OffsetDateTime.class);
    return new KeyRecord(
        row.getString("key_id"),
        HexFormat.of().formatHex(row.getBytes("sha256")),
        row.getString("app_id"),
        status(row.getString("status")),
        row.getString("reason"),
        row.getLong("version"),
        expires == null ? null : expires.toInstant().toEpochMilli(),
        List.of((String[]) row.getArray("models").getArray()),
        rate(row),
        quotas(row.getString("quotas")));
  }

  private static Status status(String text) {
    return switch (text) {
      case "ok" -> Status.OK;
      case "removed" -> Status.REMOVED;
      default -> Status.BLOCKED;
    };
  }

  private static @Nullable Rate rate(ResultSet row) throws SQLException {
    double perSecond = row.getDouble("rate_per_second");
    return row.wasNull() ? null : new Rate(perSecond, row.getLong("rate_burst"));
  }

  private static List<Quota> quotas(String json) throws SQLException {
    List<Quota> quotas = new ArrayList<>();
    try {
      for (JsonNode each : JSON.readTree(json)) {
        JsonNode resets = each.path("resets_at");
        quotas.add(
            new Quota(
                each.path("meter").asText(),
                each.path("limit").asDouble(),
                each.path("used").asDouble(),
                resets.isIntegralNumber() ? resets.longValue() : null,
                each.path("overage").asBoolean()));
      }
    } catch (JsonProcessingException malformed) {
      throw new SQLException("quotas of a key are malformed");
    }
    return quotas;
  }
}
