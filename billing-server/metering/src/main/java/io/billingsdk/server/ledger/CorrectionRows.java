package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The rows of corrections, in a transaction. Numbers of corrections are given under the lock of the
 * row of their stream, so that a correction waits for earlier ones: the amount of an event is then
 * known until the transaction ends.
 */
final class CorrectionRows {
  // No index has the identity, but one has app and time: app by app, and what has none, the row is
  // found without a look at the rest of its month. OFFSET 0 keeps it so, whatever the statistics.
  static final String FIND =
      """
      WITH asked AS MATERIALIZED (
        SELECT :at::timestamptz AS at, :seq::bigint AS seq,
          (SELECT s.stream_id FROM stream s WHERE s.uuid = :uuid) AS stream_id
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
        e.module, e.model, e.usage, e.metadata, e.quantities, e.subject, e.session, e.execution
      FROM found e LEFT JOIN LATERAL (
        SELECT * FROM attribution t WHERE t.stream_id = e.stream_id AND t.seq = e.seq OFFSET 0)
        AS a ON true
      """;

  private static final String LOCK =
      """
      INSERT INTO stream (stream_id, uuid, last_seen) OVERRIDING SYSTEM VALUE
      VALUES (:stream, gen_random_uuid(), clock_timestamp())
      ON CONFLICT (stream_id) DO UPDATE SET last_seen = clock_timestamp()
      RETURNING uuid, last_seen
      """;

  private static final String SUM =
      """
      SELECT coalesce(sum(difference), 0) AS corrected,
        (SELECT coalesce(max(seq), 0) + 1 FROM correction) AS next
      FROM correction WHERE corrects_stream_id = :stream AND corrects_seq = :seq
      """;

  private static final String EVENT =
      """
      WITH event AS (
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, key_sha256, module,
          model, usage, metadata, subject, session, execution, cut_no)
        VALUES (?, ?, ?, ?, ?, decode(?, 'hex'), ?, ?, ?, ?::jsonb, ?, ?, ?, ?)
      )
      INSERT INTO event_identity (stream_id, seq, hash)
      VALUES (?, ?, substring(sha256(convert_to(?, 'UTF8')), 1, 16))
      """;

  private static final String POINTER =
      """
      INSERT INTO correction (seq, corrects_stream_id, corrects_seq, occurred_at, app_id, usage,
        difference, reason, actor, corrected_at, cut_no)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String CORRECTED =
      """
      SELECT s.uuid, c.corrects_seq
      FROM correction c JOIN stream s ON s.stream_id = c.corrects_stream_id
      JOIN stream own ON own.stream_id = c.stream_id
      WHERE own.uuid = :uuid AND c.seq = :seq
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
      @Nullable String metadata,
      EventDetails details) {}

  /**
   * The next one.
   *
   * @param stream of corrections
   * @param seq of the next one
   * @param corrected the sum of what the event was corrected by until now
   * @param at the moment, which is later for each
   */
  record Next(UUID stream, long seq, BigDecimal corrected, Instant at) {}

  static Optional<Original> find(Handle handle, EventRef event) {
    return handle
        .createQuery(FIND)
        .bind("at", event.occurredAt())
        .bind("seq", event.seq())
        .bind("uuid", event.stream())
        .map(ResultRow.to(CorrectionRows::original))
        .findFirst();
  }

  private record Locked(UUID stream, Instant at) {}

  /** Waits for a correction under way, and holds up later ones. */
  static Next lock(Handle handle, Original original, long seq) {
    Locked locked =
        handle
            .createQuery(LOCK)
            .bind("stream", Corrections.STREAM_ID)
            .map(ResultRow.to(row -> new Locked(row.uuid("uuid"), row.time("last_seen"))))
            .one();
    // Only now: what the others committed is seen by a statement that begins after the wait.
    return handle
        .createQuery(SUM)
        .bind("stream", original.streamId())
        .bind("seq", seq)
        .map(
            ResultRow.to(
                row ->
                    new Next(
                        locked.stream(),
                        row.number("next"),
                        row.decimal("corrected"),
                        locked.at())))
        .one();
  }

  /** Adds the event that a correction is, its identity, and its difference to the rollups. */
  static void addEvent(
      LedgerTransaction ledger, EventRef itself, Original original, BigDecimal difference)
      throws SQLException {
    addRow(ledger, itself, original, difference);
    AppendedEvent added =
        new AppendedEvent(
            AppendedEvent.AppendKind.CORRECTION,
            new EventId(Corrections.STREAM_ID, itself.seq()),
            itself.occurredAt(),
            original.app(),
            original.key(),
            original.module(),
            original.model(),
            difference,
            original.metadata(),
            original.details().withoutQuantities(),
            ledger.cutNo());
    Rollups rollups = new Rollups();
    rollups.add(added, /* events= */ 0, difference);
    rollups.save(ledger.connection(), Attributions.SHARD, ledger.cutNo());
    ledger.call(List.of(added));
  }

  private static void addRow(
      LedgerTransaction ledger, EventRef itself, Original original, BigDecimal difference)
      throws SQLException {
    // By hand: it writes the ledger, in the transaction of its appender.
    try (PreparedStatement insert = ledger.connection().prepareStatement(EVENT)) {
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
      insert.setString(11, original.details().subject());
      insert.setString(12, original.details().session());
      insert.setString(13, original.details().execution());
      insert.setLong(14, ledger.cutNo());
      insert.setInt(15, Corrections.STREAM_ID);
      insert.setLong(16, itself.seq());
      insert.setString(17, itself + " " + difference.toPlainString());
      insert.executeUpdate();
    }
  }

  /** Adds what it corrects, and why. */
  static void addPointer(LedgerTransaction ledger, int correctsStreamId, Correction made)
      throws SQLException {
    // By hand: it writes the ledger, in the transaction of its appender.
    try (PreparedStatement insert = ledger.connection().prepareStatement(POINTER)) {
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
      insert.setLong(11, ledger.cutNo());
      insert.executeUpdate();
    }
  }

  /** What an event corrects, in words; empty when it is no correction. */
  static Optional<String> correctedBy(Handle handle, EventRef event) {
    return handle
        .createQuery(CORRECTED)
        .bind("uuid", event.stream())
        .bind("seq", event.seq())
        .map(
            ResultRow.to(
                row -> "stream " + row.text("uuid") + ", seq " + row.number("corrects_seq")))
        .findFirst();
  }

  private static Original original(ResultRow row) {
    return new Original(
        row.integer("stream_id"),
        row.textOrNull("app_id"),
        row.textOrNull("key_id"),
        row.textOrNull("sha256"),
        row.text("module"),
        row.text("model"),
        row.decimal("usage"),
        row.textOrNull("metadata"),
        EventDetails.of(row));
  }

  private static OffsetDateTime time(Instant moment) {
    return moment.atOffset(ZoneOffset.UTC);
  }
}
