package io.billingsdk.server.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRecord.Quota;
import io.billingsdk.protocol.KeyRecord.Rate;
import io.billingsdk.protocol.KeyRecord.Status;
import io.billingsdk.protocol.KeyRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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

  /** Those of an app that follow an id, in the order of their ids. */
  static List<KeyRecord> ofApp(Connection connection, String appId, String after, int most)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(SELECT + "app_id = ? AND key_id > ? ORDER BY key_id LIMIT ?")) {
      query.setString(1, appId);
      query.setString(2, after);
      query.setInt(3, most);
      return read(query);
    }
  }

  static Optional<KeyRecord> one(Connection connection, String keyId) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SELECT + "key_id = ?")) {
      query.setString(1, keyId);
      return read(query).stream().findFirst();
    }
  }

  /**
   * Adds a key; false when there is no such app, or a key with this id or text already.
   *
   * @param sealed the key itself, encrypted, if the feed of protocol v1 is to carry it
   */
  static boolean insert(Connection connection, NewRow row, byte @Nullable [] sealed)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO api_key (key_id, sha256, app_id, version, legacy_key, models, expires_at,"
                + " rate_per_second, rate_burst, quotas) SELECT ?, ?, app_id, ?, ?, ?, ?, ?, ?,"
                + " ?::jsonb FROM app WHERE app_id = ? ON CONFLICT DO NOTHING")) {
      insert.setString(1, row.keyId());
      insert.setBytes(2, HexFormat.of().parseHex(KeyRef.sha256(row.apiKey())));
      insert.setLong(3, row.version());
      insert.setBytes(4, sealed);
      int next = setTerms(insert, 5, row.terms());
      insert.setString(next, row.appId());
      return insert.executeUpdate() == 1;
    }
  }

  /** A key to be added. Its text is not shown. */
  record NewRow(String keyId, String apiKey, String appId, long version, KeyTerms terms) {
    @Override
    public String toString() {
      return "NewRow[" + keyId + "]";
    }
  }

  /** Sets what a key may be used for. */
  static void updateTerms(Connection connection, String keyId, long version, KeyTerms terms)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE api_key SET models = ?, expires_at = ?, rate_per_second = ?, rate_burst = ?,"
                + " quotas = ?::jsonb, version = ? WHERE key_id = ?")) {
      int next = setTerms(update, 1, terms);
      update.setLong(next, version);
      update.setString(next + 1, keyId);
      update.executeUpdate();
    }
  }

  /** Notes which key was made for one by its rotation. */
  static void setSuccessor(Connection connection, String keyId, String successor)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE api_key SET successor = ? WHERE key_id = ?")) {
      update.setString(1, successor);
      update.setString(2, keyId);
      update.executeUpdate();
    }
  }

  static Map<String, String> successors(Connection connection) throws SQLException {
    Map<String, String> successors = new HashMap<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT key_id, successor FROM api_key WHERE successor IS NOT NULL");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        successors.put(row.getString(1), row.getString(2));
      }
    }
    return successors;
  }

  /** Whether the feed of protocol v1 carries it. */
  static boolean isLegacy(Connection connection, String keyId) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT FROM api_key WHERE key_id = ? AND legacy_key IS NOT NULL")) {
      query.setString(1, keyId);
      try (ResultSet found = query.executeQuery()) {
        return found.next();
      }
    }
  }

  private static int setTerms(PreparedStatement statement, int first, KeyTerms terms)
      throws SQLException {
    Instant expires = terms.expires();
    Rate rate = terms.rate();
    statement.setArray(
        first, statement.getConnection().createArrayOf("text", terms.models().toArray()));
    statement.setObject(first + 1, expires == null ? null : expires.atOffset(ZoneOffset.UTC));
    statement.setObject(first + 2, rate == null ? null : rate.perSecond(), Types.DOUBLE);
    statement.setObject(first + 3, rate == null ? null : rate.burst(), Types.BIGINT);
    statement.setString(first + 4, json(terms.quotas()));
    return first + 5;
  }

  private static String json(List<Quota> quotas) {
    ArrayNode list = JSON.createArrayNode();
    for (Quota quota : quotas) {
      ObjectNode each =
          list.addObject()
              .put("meter", quota.meter())
              .put("limit", quota.limit())
              .put("used", quota.used())
              .put("overage", quota.overage());
      if (quota.resetsAtMillis() != null) {
        each.put("resets_at", quota.resetsAtMillis());
      }
    }
    return list.toString();
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
