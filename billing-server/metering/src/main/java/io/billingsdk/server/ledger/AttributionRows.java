package io.billingsdk.server.ledger;

import io.billingsdk.server.ledger.Attributions.Named;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of attributions, and what they change in the rollups. For one transaction. */
final class AttributionRows {
  /** One row at least, with the number of what was found; when nothing moved, all else is null. */
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
          usage_content(coalesce(key, encode(key_sha256, 'hex')), module, model, usage, metadata,
            quantities, subject, session, execution)
        FROM found WHERE idempotency_key IS NOT NULL AND NOT EXISTS (
          SELECT FROM idempotency i WHERE i.app_id = app AND i.content IS NULL
            AND i.idempotency_key = older_idempotency_key(found.idempotency_key))
        ORDER BY idempotency_key, stream_id, seq
        ON CONFLICT DO NOTHING
        RETURNING stream_id, seq
      ), attributed AS (
        INSERT INTO attribution (stream_id, seq, app_id, key_id, reason, cut_no)
        SELECT f.stream_id, f.seq, f.app, t.known, ?, ?
        FROM found f CROSS JOIN target t
        WHERE f.idempotency_key IS NULL OR (f.stream_id, f.seq) IN (
          SELECT stream_id, seq FROM claimed)
        ORDER BY f.stream_id, f.seq
        RETURNING stream_id, seq
      ), moved AS (
        SELECT * FROM found JOIN attributed USING (stream_id, seq)
      )
      SELECT (SELECT count(*) FROM found) AS found, m.stream_id, m.seq, m.occurred_at, m.app, m.key,
        m.key_id, m.module, m.model, m.usage, m.metadata, m.quantities, m.subject, m.session,
        m.execution
      FROM (VALUES (1)) AS one LEFT JOIN moved m ON true
      """;

  /** So many rows are fetched at a time: of a key that was lost there may be millions. */
  private static final int FETCHED = 1_000;

  private final LedgerTransaction ledger;
  private final Rollups rollups = new Rollups();

  /** For the hooks, in one call: in several they would take their locks in another order. */
  private final List<AppendedEvent> moved = new ArrayList<>();

  private AttributionRows(LedgerTransaction ledger) {
    this.ledger = ledger;
  }

  /**
   * The outcome.
   *
   * @param found events that were meant
   * @param attributed those that belong to the app now
   */
  record AttributedCounts(long found, long attributed) {}

  /**
   * Attributes what is meant and belongs to no app: an addition to the sums of the app, and a
   * subtraction from those of no app.
   *
   * @param known the key that they are counted under; null for the one that they named
   */
  static AttributedCounts add(
      LedgerTransaction ledger, Named which, String app, @Nullable String known, String reason)
      throws SQLException {
    return new AttributionRows(ledger).add(which, app, known, reason);
  }

  private AttributedCounts add(Named which, String app, @Nullable String known, String reason)
      throws SQLException {
    Connection connection = ledger.connection();
    String sha256 = which.sha256();
    // By hand: it is read with a cursor; of a key that was lost there may be millions of rows.
    try (PreparedStatement statement = connection.prepareStatement(ATTRIBUTE)) {
      statement.setString(1, app);
      statement.setString(2, known);
      statement.setString(3, which.keyId());
      statement.setBytes(4, sha256 == null ? null : HexFormat.of().parseHex(sha256));
      statement.setString(5, reason);
      statement.setLong(6, ledger.cutNo());
      statement.setFetchSize(FETCHED);
      try (ResultSet row = statement.executeQuery()) {
        AttributedCounts counts = read(row);
        rollups.save(connection, Attributions.SHARD, ledger.cutNo());
        ledger.call(moved);
        return counts;
      }
    }
  }

  private AttributedCounts read(ResultSet row) throws SQLException {
    long found = 0;
    long attributed = 0;
    while (row.next()) {
      found = row.getLong("found");
      if (row.getString("app") != null) {
        attributed++;
        take(row);
      }
    }
    return new AttributedCounts(found, attributed);
  }

  private void take(ResultSet row) throws SQLException {
    AppendedEvent event =
        new AppendedEvent(
            AppendedEvent.AppendKind.ATTRIBUTION,
            new EventId(row.getInt("stream_id"), row.getLong("seq")),
            row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
            row.getString("app"),
            row.getString("key"),
            row.getString("module"),
            row.getString("model"),
            row.getBigDecimal("usage"),
            row.getString("metadata"),
            EventDetails.of(row),
            ledger.cutNo());
    rollups.add(event, 1, event.usage());
    rollups.add(event, /* app= */ null, row.getString("key_id"), -1, event.usage().negate());
    if (ledger.hasHooks()) {
      moved.add(event);
    }
  }
}
