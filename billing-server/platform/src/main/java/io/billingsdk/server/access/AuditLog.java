package io.billingsdk.server.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.Together;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
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
      WHERE id < :below AND actor = coalesce(:actor, actor)
        AND (action = coalesce(:action, action)
          OR starts_with(action, substring(:action FROM '^.*[.]$')))
        AND subject = coalesce(:subject, subject)
        AND at >= coalesce(:from::timestamptz, '-infinity')
        AND at < coalesce(:to::timestamptz, 'infinity')
      ORDER BY id DESC LIMIT :most
      """;

  private static final String ADD =
      """
      INSERT INTO audit_log (actor, action, subject, before, after)
      VALUES (?, ?, ?, ?::jsonb, ?::jsonb)
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
   * @param action the act, as {@code key.block}
   * @param subject to what
   * @param before what it was, as far as it was changed; null for nothing
   * @param after what it is since then; null for nothing
   */
  public record AuditEntry(
      long id,
      Instant at,
      String actor,
      String action,
      String subject,
      @Nullable JsonNode before,
      @Nullable JsonNode after) {}

  /** Adds an entry to the transaction of a handle. */
  public static void write(
      Handle handle,
      Actor actor,
      String action,
      String subject,
      @Nullable Map<String, ? extends @Nullable Object> before,
      @Nullable Map<String, ? extends @Nullable Object> after) {
    write(handle, actor, List.of(new AuditedChange(action, subject, before, after)));
  }

  /** Adds an entry to changes that go to the database together. */
  public static void write(
      Together changes,
      Actor actor,
      String action,
      String subject,
      @Nullable Map<String, ? extends @Nullable Object> before,
      @Nullable Map<String, ? extends @Nullable Object> after) {
    changes.add(
        ADD,
        actor.name(),
        action,
        KeyMask.masked(subject),
        masked(json(before)),
        masked(json(after)));
  }

  /**
   * A change that becomes an entry; see {@link AuditEntry}.
   *
   * @param before null for nothing
   * @param after null for nothing
   */
  public record AuditedChange(
      String action,
      String subject,
      @Nullable Map<String, ? extends @Nullable Object> before,
      @Nullable Map<String, ? extends @Nullable Object> after) {}

  /** Adds an entry for each change to the transaction of a handle, with one round trip. */
  public static void write(Handle handle, Actor actor, List<AuditedChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(ADD);
    for (AuditedChange each : changes) {
      batch
          .bind(0, actor.name())
          .bind(1, each.action())
          .bind(2, KeyMask.masked(each.subject()))
          .bind(3, masked(json(each.before())))
          .bind(4, masked(json(each.after())))
          .add();
    }
    batch.execute();
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
  public List<AuditEntry> before(long before, AuditFilter filter, int most) {
    return database.read(
        handle ->
            handle
                .createQuery(BEFORE)
                .bind("below", before)
                .bind("actor", filter.actor())
                .bind("action", filter.action())
                .bind("subject", filter.subject())
                .bind("from", filter.from())
                .bind("to", filter.to())
                .bind("most", most)
                .map(ResultRow.to(AuditLog::entry))
                .list());
  }

  /** All entries, the latest first; see {@link #before(long, AuditFilter, int)}. */
  public List<AuditEntry> before(long before, int most) {
    return before(before, AuditFilter.ALL, most);
  }

  private static AuditEntry entry(ResultRow row) {
    return new AuditEntry(
        row.number("id"),
        row.time("at"),
        row.text("actor"),
        row.text("action"),
        row.text("subject"),
        tree(row.textOrNull("before")),
        tree(row.textOrNull("after")));
  }

  private static @Nullable String json(@Nullable Map<String, ? extends @Nullable Object> values) {
    try {
      return values == null ? null : JSON.writeValueAsString(values);
    } catch (JsonProcessingException impossible) {
      throw new IllegalArgumentException("not of strings, numbers and lists", impossible);
    }
  }

  private static @Nullable JsonNode tree(@Nullable String json) {
    try {
      return json == null ? null : JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new DatabaseException(new SQLException("an entry of the audit log is malformed"));
    }
  }

  /**
   * Selects entries of the audit log; null restricts nothing.
   *
   * @param action as {@code key.block}; {@code key.} for all of keys
   * @param from the first moment that is meant
   * @param to the end of the range, exclusive
   */
  public record AuditFilter(
      @Nullable String actor,
      @Nullable String action,
      @Nullable String subject,
      @Nullable Instant from,
      @Nullable Instant to) {
    /** All of them. */
    public static final AuditFilter ALL = new AuditFilter(null, null, null, null, null);
  }
}
