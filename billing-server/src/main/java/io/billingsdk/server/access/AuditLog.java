package io.billingsdk.server.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what. An entry is written in the transaction of its change, so that there is never
 * the one without the other, and holds no secret. Entries are added, never changed: the server's
 * login has no right to. Thread-safe.
 */
public final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  // An action that ends with a point stands for all that begin with it.
  private static final String BEFORE =
      """
      SELECT id, at, actor, action, subject, before, after FROM audit_log
      WHERE id < ? AND actor = coalesce(?, actor)
        AND (action = coalesce(?, action) OR starts_with(action, substring(? FROM '^.*[.]$')))
        AND subject = coalesce(?, subject)
        AND at >= coalesce(?::timestamptz, '-infinity') AND at < coalesce(?::timestamptz, 'infinity')
      ORDER BY id DESC LIMIT ?
      """;

  private final Database database;

  /** In a database. */
  public AuditLog(Database database) {
    this.database = database;
  }

  /**
   * An entry.
   *
   * @param id grows with each
   * @param actor an operator, or {@code cli:} and the operating system's user
   * @param action what was done, as {@code key.block}
   * @param subject to what
   * @param before what it was, as far as it was changed; null for nothing
   * @param after what it is since then; null for nothing
   */
  public record Entry(
      long id,
      Instant at,
      String actor,
      String action,
      String subject,
      @Nullable JsonNode before,
      @Nullable JsonNode after) {}

  /** Adds an entry to the transaction of a connection. */
  public static void write(
      Connection connection,
      Actor actor,
      String action,
      String subject,
      @Nullable Map<String, ? extends @Nullable Object> before,
      @Nullable Map<String, ? extends @Nullable Object> after)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO audit_log (actor, action, subject, before, after)"
                + " VALUES (?, ?, ?, ?::jsonb, ?::jsonb)")) {
      insert.setString(1, actor.name());
      insert.setString(2, action);
      insert.setString(3, KeyMask.masked(subject));
      insert.setString(4, masked(json(before)));
      insert.setString(5, masked(json(after)));
      insert.executeUpdate();
    }
  }

  private static @Nullable String masked(@Nullable String json) {
    return json == null ? null : KeyMask.masked(json);
  }

  /**
   * Entries, the latest first.
   *
   * @param before only those with a lower id; {@link Long#MAX_VALUE} for all
   * @param filter which are meant
   * @param most so many at most
   */
  public List<Entry> before(long before, AuditFilter filter, int most) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(BEFORE)) {
            query.setLong(1, before);
            query.setString(2, filter.actor());
            query.setString(3, filter.action());
            query.setString(4, filter.action());
            query.setString(5, filter.subject());
            query.setObject(6, utc(filter.from()), Types.TIMESTAMP_WITH_TIMEZONE);
            query.setObject(7, utc(filter.to()), Types.TIMESTAMP_WITH_TIMEZONE);
            query.setInt(8, most);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                entries.add(entry(row));
              }
            }
            return List.copyOf(entries);
          }
        });
  }

  /** All entries, the latest first; see {@link #before(long, AuditFilter, int)}. */
  public List<Entry> before(long before, int most) throws SQLException {
    return before(before, AuditFilter.ALL, most);
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong("id"),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getString("actor"),
        row.getString("action"),
        row.getString("subject"),
        tree(row.getString("before")),
        tree(row.getString("after")));
  }

  private static @Nullable String json(@Nullable Map<String, ? extends @Nullable Object> values) {
    try {
      return values == null ? null : JSON.writeValueAsString(values);
    } catch (JsonProcessingException impossible) {
      throw new IllegalArgumentException("not of strings, numbers and lists", impossible);
    }
  }

  private static @Nullable JsonNode tree(@Nullable String json) throws SQLException {
    try {
      return json == null ? null : JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new SQLException("an entry of the audit log is malformed");
    }
  }
}
