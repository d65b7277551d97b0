package io.billingsdk.server.http;

import io.billingsdk.server.ingest.Testbed.World;
import java.sql.SQLException;

/**
 * A ledger in which something is missing, something was refused, something has no app, and
 * something can be corrected.
 */
final class LedgerRows {
  static final String STREAM = "00000000-0000-0000-0000-000000000001";

  /** With the stream, an event of an app. */
  static final String SEQ = "8";

  static final String OCCURRED_AT = "2026-01-15T12:30:00Z";

  private LedgerRows() {}

  /** The collector has counted what came over HTTP, in a shard that it draws at its start. */
  static void addTo(World world) throws SQLException {
    world.execute(
        """
        INSERT INTO app (app_id, name) VALUES ('mine', 'Mine');
        INSERT INTO stream (uuid, instance, highest_seq) VALUES
          ('00000000-0000-0000-0000-000000000001', 'gateway-1', 10),
          ('00000000-0000-0000-0000-000000000002', 'gateway-2', 5);
        INSERT INTO stream_hello (stream_id, sdk_version, last_seq, keys_version, accepted,
          delivered, pending, dead_lettered, dropped, rejected, journal_bytes, quarantined)
        SELECT stream_id, '0.1', 10, 3, 10, 6, 2, 1, 1, 4, 4096, 0 FROM stream
        WHERE instance = 'gateway-1';
        INSERT INTO event_identity SELECT stream_id, n, '\\x00' FROM stream, generate_series(1, 10) AS n
        WHERE instance = 'gateway-1' AND n NOT IN (4, 5, 7);
        INSERT INTO stream_gap SELECT stream_id, 4, 5 FROM stream WHERE instance = 'gateway-1';
        INSERT INTO rejected_event (stream, seq, instance, code, detail, content) VALUES
          ('00000000-0000-0000-0000-000000000001', 7, 'gateway-1', 'TOO_OLD', 'of 2001', '{}'),
          (NULL, 0, NULL, 'MALFORMED', 'no JSON', '12 bytes');
        INSERT INTO conflicting_event (stream_id, seq, hash, instance, content)
        SELECT stream_id, n, '\\x00ff'::bytea, 'gateway-2', '{"usage":1}'
        FROM stream, generate_series(1, 3) AS n WHERE instance = 'gateway-2';
        SELECT ensure_partition('2026-01-15T00:00:00Z');
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, key_sha256, module,
          model, usage)
        SELECT '2026-01-15T10:30:00Z'::timestamptz, 1, n, NULL, 'k_lost', NULL, 'llm', 'gpt-4', 0.1
        FROM generate_series(1, 3) AS n
        UNION ALL SELECT '2026-01-15T11:30:00Z'::timestamptz, 1, 9, NULL, NULL, '\\x%s'::bytea, 'llm', 'x', 7
        UNION ALL SELECT '%s'::timestamptz, stream_id, %s, 'mine', 'k_mine', NULL, 'llm', 'x', 5
        FROM stream WHERE instance = 'gateway-1';
        INSERT INTO usage_rollup_shard
        SELECT date_trunc('hour', occurred_at, 'UTC'), coalesce(app_id, ''), coalesce(key_id, ''), module, model, 0,
          count(*), sum(usage) FROM usage_event WHERE module = 'llm' GROUP BY 1, 2, 3, 4, 5;
        SELECT ensure_step_partition('2026-01-15T10:30:00Z');
        INSERT INTO performance_step (at, stream_id, seq, execution, task_type, step_name,
          duration_ms, status, is_whole, metadata)
        VALUES ('2026-01-15T10:30:00Z', 1, 1, '1', 'video_generation', 'render', 1200, 'success',
          false, '{}');
        """
            .formatted("ab".repeat(32), OCCURRED_AT, SEQ));
  }
}
