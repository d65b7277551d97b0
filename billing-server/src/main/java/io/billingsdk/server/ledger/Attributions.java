package io.billingsdk.server.ledger;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.access.KnownApp;
import io.billingsdk.server.database.Database;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the app of events that came with a key that was not known then. The ledger stays as it is:
 * what an event is attributed to is a row of its own, once for each event, and the rollups follow
 * in the same transaction. Thread-safe.
 */
public final class Attributions {
  /**
   * Of the rollups, that of no collector, to which goes all that people change: what is moved to an
   * app is an addition here and a subtraction there.
   */
  public static final short SHARD = -1;

  private static final String UNKNOWN =
      """
      SELECT key_id, key_sha256, count(*) AS events, sum(usage) AS usage,
        min(occurred_at) AS first, max(occurred_at) AS last
      FROM usage_event_attributed
      """;

  private static final String OLDEST_FIRST =
      """
      WHERE app_id IS NULL
      GROUP BY key_id, key_sha256 ORDER BY min(occurred_at), key_id, key_sha256
      """;

  private static final String BY_NAME =
      """
      WHERE app_id IS NULL
        AND ('=' || coalesce(key_id, ''), coalesce(encode(key_sha256, 'hex'), '')) > (?, ?)
      GROUP BY key_id, key_sha256
      ORDER BY '=' || coalesce(key_id, ''), coalesce(encode(key_sha256, 'hex'), '') LIMIT ?
      """;

  // Hours of UTC, as the collector counts them: the driver gives a session the zone of the JVM.
  private static final String ATTRIBUTE =
      """
      WITH target AS (
        SELECT ?::text AS app, ?::text AS known, ?::text AS named, ?::bytea AS sha256
      ), found AS MATERIALIZED (
        SELECT e.*, t.app, coalesce(t.known, e.key_id) AS key
        FROM usage_event e CROSS JOIN target t
        WHERE e.app_id IS NULL AND (e.key_id = t.named OR e.key_sha256 = t.sha256)
          AND NOT EXISTS (
            SELECT FROM attribution a WHERE a.stream_id = e.stream_id AND a.seq = e.seq)
      ), claimed AS (
        INSERT INTO idempotency (app_id, idempotency_key, stream_id, seq, content)
        SELECT DISTINCT ON (idempotency_key) app, idempotency_key, stream_id, seq,
          usage_content(coalesce(key, encode(key_sha256, 'hex')), module, model, usage, metadata)
        FROM found WHERE idempotency_key IS NOT NULL AND NOT EXISTS (
          SELECT FROM idempotency i WHERE i.app_id = app AND i.content IS NULL
            AND i.idempotency_key = older_idempotency_key(found.idempotency_key))
        ORDER BY idempotency_key, stream_id, seq
        ON CONFLICT DO NOTHING
        RETURNING stream_id, seq
      ), attributed AS (
        INSERT INTO attribution (stream_id, seq, app_id, key_id, reason)
        SELECT f.stream_id, f.seq, f.app, t.known, ?
        FROM found f CROSS JOIN target t
        WHERE f.idempotency_key IS NULL OR (f.stream_id, f.seq) IN (
          SELECT stream_id, seq FROM claimed)
        ORDER BY f.stream_id, f.seq
        RETURNING stream_id, seq
      ), moved AS (
        SELECT * FROM found JOIN attributed USING (stream_id, seq)
      ), rolled AS (
        INSERT INTO usage_rollup_shard AS r
        SELECT date_trunc('hour', occurred_at, 'UTC'), app, coalesce(key, ''), module, model, ?::smallint,
          count(*), sum(usage)
        FROM moved GROUP BY 1, 2, 3, 4, 5
        UNION ALL
        SELECT date_trunc('hour', occurred_at, 'UTC'), '', coalesce(key_id, ''), module, model,
          ?::smallint, -count(*), -sum(usage)
        FROM moved GROUP BY 1, 2, 3, 4, 5
        ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (hour, app_id, key_id, module, model, shard)
        DO UPDATE SET events = r.events + excluded.events, usage = r.usage + excluded.usage
      )
      SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM attributed)
      """;

  /** Those that stay as they were, though they say something else than what has their key. */
  private static final String CONFLICTS =
      """
      SELECT count(*) FROM usage_event e
      JOIN idempotency i ON i.app_id = ? AND i.idempotency_key = e.idempotency_key
      WHERE e.app_id IS NULL AND (e.key_id = ? OR e.key_sha256 = ?)
        AND i.content <> usage_content(
          coalesce(?, e.key_id, encode(e.key_sha256, 'hex')), module, model, usage, metadata)
        AND NOT EXISTS (
          SELECT FROM attribution a WHERE a.stream_id = e.stream_id AND a.seq = e.seq)
      """;

  private final Database database;
  private final Actor actor;

  /** In a database, for a command. */
  public Attributions(Database database) {
    this(database, Actor.commandLine());
  }

  /**
   * In a database.
   *
   * @param actor who attributes
   */
  public Attributions(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * Events that belong to no app, by what they said of their key.
   *
   * @param keyId its id, if they named it
   * @param sha256 its SHA-256 in hexadecimal, if they named that
   */
  public record Unknown(
      @Nullable String keyId,
      @Nullable String sha256,
      long events,
      BigDecimal usage,
      Instant first,
      Instant last) {}

  /**
   * Which events are meant: those that named their key by this id, or by this hash.
   *
   * @param keyId null for none
   * @param sha256 in hexadecimal; null for none
   */
  public record Named(@Nullable String keyId, @Nullable String sha256) {}

  /**
   * What was done.
   *
   * @param attributed events that belong to the app from now on
   * @param repeats events left as they are: the app has counted another with their idempotency key
   * @param conflicts the same, but they say something else than the one that is counted
   */
  public record Result(long attributed, long repeats, long conflicts) {}

  /** What waits to be attributed, the oldest first. */
  public List<Unknown> unknown() throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(UNKNOWN + OLDEST_FIRST)) {
            return read(query);
          }
        });
  }

  /**
   * The same in the order of what they named.
   *
   * @param after what those named that they follow; null for the first
   * @param most so many at most
   */
  public List<Unknown> unknownAfter(@Nullable Named after, int most) throws SQLException {
    String keyId = after == null ? "" : "=" + Objects.requireNonNullElse(after.keyId(), "");
    String sha256 = after == null ? "" : Objects.requireNonNullElse(after.sha256(), "");
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(UNKNOWN + BY_NAME)) {
            query.setString(1, keyId);
            query.setString(2, sha256);
            query.setInt(3, most);
            return read(query);
          }
        });
  }

  private static List<Unknown> read(PreparedStatement query) throws SQLException {
    List<Unknown> found = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        found.add(unknown(row));
      }
    }
    return List.copyOf(found);
  }

  /**
   * Attributes all events that are meant and belong to no app. An event is attributed once and for
   * good: repeated, or run twice at once, this finds nothing more to do.
   *
   * @param knownKey the key that they are counted under; null for the one that they named
   * @param reason the operator's, 1 to 256 characters
   */
  public Result toApp(Named which, String appId, @Nullable String knownKey, String reason)
      throws SQLException {
    Reasons.require(reason);
    return database.inTransaction(
        connection -> {
          KnownApp.require(connection, appId);
          lock(connection);
          Result result = attribute(connection, which, appId, knownKey, reason);
          AuditLog.write(
              connection, actor, "usage.attribute", appId, null, said(which, reason, result));
          return result;
        });
  }

  private static Map<String, @Nullable Object> said(Named which, String reason, Result result) {
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    said.put("keyId", which.keyId());
    said.put("sha256", which.sha256());
    said.put("reason", reason);
    said.put("attributed", result.attributed());
    said.put("repeats", result.repeats());
    said.put("conflicts", result.conflicts());
    return said;
  }

  /** As {@link #toApp} with the app of a key: events that named it before it was known. */
  public Result toKey(String keyId, String reason) throws SQLException {
    Owner owner = database.call(connection -> owner(connection, keyId));
    return toApp(new Named(keyId, owner.sha256()), owner.app(), keyId, reason);
  }

  private record Owner(String app, String sha256) {}

  private static Owner owner(Connection connection, String keyId) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT app_id, sha256 FROM api_key WHERE key_id = ?")) {
      query.setString(1, keyId);
      try (ResultSet found = query.executeQuery()) {
        if (!found.next()) {
          throw ServerException.notFound("keyId", "there is no key " + keyId);
        }
        return new Owner(found.getString(1), HexFormat.of().formatHex(found.getBytes(2)));
      }
    }
  }

  /** Two at once could else claim an idempotency key for an event that goes to the other's app. */
  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(hashtext('billing.attribution'))");
    }
  }

  private static Result attribute(
      Connection connection, Named which, String app, @Nullable String known, String reason)
      throws SQLException {
    String sha256 = which.sha256();
    try (PreparedStatement statement = connection.prepareStatement(ATTRIBUTE)) {
      statement.setString(1, app);
      statement.setString(2, known);
      statement.setString(3, which.keyId());
      statement.setBytes(4, sha256 == null ? null : HexFormat.of().parseHex(sha256));
      statement.setString(5, reason);
      statement.setShort(6, SHARD);
      statement.setShort(7, SHARD);
      try (ResultSet counts = statement.executeQuery()) {
        counts.next();
        long attributed = counts.getLong(2);
        long left = counts.getLong(1) - attributed;
        long conflicts = left == 0 ? 0 : conflicts(connection, which, app, known);
        return new Result(attributed, left - conflicts, conflicts);
      }
    }
  }

  private static long conflicts(
      Connection connection, Named which, String app, @Nullable String known) throws SQLException {
    String sha256 = which.sha256();
    try (PreparedStatement query = connection.prepareStatement(CONFLICTS)) {
      query.setString(1, app);
      query.setString(2, which.keyId());
      query.setBytes(3, sha256 == null ? null : HexFormat.of().parseHex(sha256));
      query.setString(4, known);
      try (ResultSet count = query.executeQuery()) {
        count.next();
        return count.getLong(1);
      }
    }
  }

  private static Unknown unknown(ResultSet row) throws SQLException {
    byte[] sha256 = row.getBytes("key_sha256");
    return new Unknown(
        row.getString("key_id"),
        sha256 == null ? null : HexFormat.of().formatHex(sha256),
        row.getLong("events"),
        row.getBigDecimal("usage"),
        row.getObject("first", OffsetDateTime.class).toInstant(),
        row.getObject("last", OffsetDateTime.class).toInstant());
  }
}
