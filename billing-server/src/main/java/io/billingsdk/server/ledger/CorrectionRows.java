package io.billingsdk.server.ledger;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of corrections, in a transaction. Numbers of corrections are given under the lock of the
 * row of their stream, so that whoever corrects waits for those who do so before: what an event
 * amounts to is then known until the transaction ends.
 */
final class CorrectionRows {
  // No index has the identity, but one has app and time: app by app, and what has none, the row is
  // found without a look at the rest of its month. OFFSET 0 keeps it so, whatever the statistics.
  static final String FIND =
      """
      WITH asked AS MATERIALIZED (
        SELECT ?::timestamptz AS at, ?::bigint AS seq,
          (SELECT s.stream_id FROM stream s WHERE s.uuid = ?) AS stream_id
      ), found AS (
        SELECT e.* FROM asked, app CROSS JOIN LATERAL (
          SELECT * FROM usage_event u WHERE u.app_id = app.app_id AND u.occurred_at = asked.at
            AND u.seq = asked.seq AND u.stream_id = asked.stream_id OFFSET 0) AS e
        UNION ALL
        SELECT e.* FROM asked CROSS JOIN LATERAL (
          SELECT * FROM usage_event u WHERE u.app_id IS NULL AND u.occurred_at = asked.at
            AND u.seq = asked.seq AND u.stream_id = asked.stream_id OFFSET 0) AS e
      )
      SELECT e.stream_id, coalesce(e.app_id, a.app_id) AS app_id,
        coalesce(a.key_id, e.key_id) AS key_id, encode(e.key_sha256, 'hex') AS sha256,
        e.module, e.model, e.usage, e.metadata
      FROM found e LEFT JOIN LATERAL (
        SELECT * FROM attribution t WHERE t.stream_id = e.stream_id AND t.seq = e.seq OFFSET 0)
        AS a ON true
      """;

  private static final String LOCK =
      """
      INSERT INTO stream (stream_id, uuid, last_seen) OVERRIDING SYSTEM VALUE
      VALUES (?, gen_random_uuid(), clock_timestamp())
      ON CONFLICT (stream_id) DO UPDATE SET last_seen = clock_timestamp()
      RETURNING uuid, last_seen
      """;

  private static final String SUM =
      """
      SELECT coalesce(sum(difference), 0), (SELECT coalesce(max(seq), 0) + 1 FROM correction)
      FROM correction WHERE corrects_stream_id = ? AND corrects_seq = ?
      """;

  private static final String EVENT =
      """
      WITH event AS (
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, key_sha256, module,
          model, usage, metadata)
        VALUES (?, ?, ?, ?, ?, decode(?, 'hex'), ?, ?, ?, ?::jsonb)
        RETURNING occurred_at, app_id, key_id, module, model, usage
      ), rolled AS (
        INSERT INTO usage_rollup_shard AS r
        SELECT date_trunc('hour', occurred_at, 'UTC'), app_id, coalesce(key_id, ''), module, model,
          ?::smallint, 0, usage FROM event
        ON CONFLICT (hour, app_id, key_id, module, model, shard)
        DO UPDATE SET usage = r.usage + excluded.usage
      )
      INSERT INTO event_identity (stream_id, seq, hash)
      VALUES (?, ?, substring(sha256(convert_to(?, 'UTF8')), 1, 16))
      """;

  private static final String POINTER =
      """
      INSERT INTO correction (seq, corrects_stream_id, corrects_seq, occurred_at, app_id, usage,
        difference, reason, actor, corrected_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String CORRECTED =
      """
      SELECT s.uuid, c.corrects_seq
      FROM correction c JOIN stream s ON s.stream_id = c.corrects_stream_id
      JOIN stream own ON own.stream_id = c.stream_id
      WHERE own.uuid = ? AND c.seq = ?
      """;

  private CorrectionRows() {}

  /**
   * An event as it was stored.
   *
   * @param sha256 of its key in hexadecimal, if it named that
   */
  record Original(
      int streamId,
      @Nullable String app,
      @Nullable String key,
      @Nullable String sha256,
      String module,
      String model,
      BigDecimal usage,
      @Nullable String metadata) {}

  /**
   * What comes next.
   *
   * @param stream of corrections
   * @param seq of the next one
   * @param corrected the sum of what the event was corrected by until now
   * @param at the moment, which is later for each
   */
  record Next(UUID stream, long seq, BigDecimal corrected, Instant at) {}

  static Optional<Original> find(Connection connection, EventRef event) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(FIND)) {
      query.setObject(1, time(event.occurredAt()));
      query.setLong(2, event.seq());
      query.setObject(3, event.stream());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(original(row)) : Optional.empty();
      }
    }
  }

  /** Waits for whoever corrects now, and holds up whoever comes after. */
  static Next lock(Connection connection, Original original, long seq) throws SQLException {
    UUID stream;
    Instant at;
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setInt(1, Corrections.STREAM_ID);
      try (ResultSet row = lock.executeQuery()) {
        row.next();
        stream = row.getObject(1, UUID.class);
        at = row.getObject(2, OffsetDateTime.class).toInstant();
      }
    }
    // Only now: what the others committed is seen by a statement that begins after the wait.
    try (PreparedStatement query = connection.prepareStatement(SUM)) {
      query.setInt(1, original.streamId());
      query.setLong(2, seq);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return new Next(stream, row.getLong(2), row.getBigDecimal(1), at);
      }
    }
  }

  /** Adds the event that a correction is, its identity, and its difference to the rollups. */
  static void addEvent(
      Connection connection, EventRef itself, Original original, BigDecimal difference)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(EVENT)) {
      insert.setObject(1, time(itself.occurredAt()));
      insert.setInt(2, Corrections.STREAM_ID);
      insert.setLong(3, itself.seq());
      insert.setString(4, original.app());
      insert.setString(5, original.key());
      insert.setString(6, original.sha256());
      insert.setString(7, original.module());
      insert.setString(8, original.model());
      insert.setBigDecimal(9, difference);
      insert.setString(10, original.metadata());
      insert.setShort(11, Attributions.SHARD);
      insert.setInt(12, Corrections.STREAM_ID);
      insert.setLong(13, itself.seq());
      insert.setString(14, itself + " " + difference.toPlainString());
      insert.executeUpdate();
    }
  }

  /** Adds what it corrects, and why. */
  static void addPointer(Connection connection, int correctsStreamId, Correction made)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(POINTER)) {
      insert.setLong(1, made.itself().seq());
      insert.setInt(2, correctsStreamId);
      insert.setLong(3, made.corrects().seq());
      insert.setObject(4, time(made.corrects().occurredAt()));
      insert.setString(5, made.app());
      insert.setBigDecimal(6, made.usage());
      insert.setBigDecimal(7, made.difference());
      insert.setString(8, made.reason());
      insert.setString(9, made.actor());
      insert.setObject(10, time(made.correctedAt()));
      insert.executeUpdate();
    }
  }

  /** What an event corrects, in words; empty when it is no correction. */
  static Optional<String> correctedBy(Connection connection, EventRef event) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(CORRECTED)) {
      query.setObject(1, event.stream());
      query.setLong(2, event.seq());
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of("stream " + row.getString(1) + ", seq " + row.getLong(2))
            : Optional.empty();
      }
    }
  }

  private static Original original(ResultSet row) throws SQLException {
    return new Original(
        row.getInt("stream_id"),
        row.getString("app_id"),
        row.getString("key_id"),
        row.getString("sha256"),
        row.getString("module"),
        row.getString("model"),
        row.getBigDecimal("usage"),
        row.getString("metadata"));
  }

  private static OffsetDateTime time(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC);
  }
}
