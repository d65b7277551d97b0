package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.ingest.Testbed.World;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;

/**
 * Many records of one month, put into the tables as the intake would: what the records are is a
 * function of their number alone. The sums and sketches are made of them by the product.
 */
final class AnalyticsLoad {
  static final Instant FIRST = Instant.parse("2026-11-01T00:00:00Z");
  static final Instant LAST = Instant.parse("2026-11-30T22:00:00Z");
  static final int USERS = 500;

  // The user is one of the first far more often than one of the last.
  private static final String COSTS =
      """
      INSERT INTO cost (at, stream_id, seq, revision, app_id, key_id, subject, execution, service,
        model, operation, prompt, state, amount, currency, quantity, unit, duration_ms,
        input_tokens, cached_tokens, output_tokens, usage, adapter, service_tier, price_id,
        catalogue, metadata, rated_at)
      SELECT r.at, 1, r.i, 1, 'acme', 'k_1', 'user-' || (%2$d * r.u ^ 3)::integer,
        'run-' || r.i / 5, s.service, s.model,
        CASE WHEN s.is_prompt THEN s.model || '_outline_p' || r.i %% 7 ELSE s.operation END,
        s.is_prompt, 'priced', (r.i * 7919 %% 9973) * 0.0001, 'USD', r.i %% 900 + 1, s.unit,
        (r.i * 104729 %% 5000), 0, 0, 0, jsonb_build_object(s.bucket, r.i %% 900 + 1),
        'plain/1', 'standard', '3c1f0a6b9d2e4f58', '99ab04d1c2e3f567',
        jsonb_build_object('record_id', 'c-' || r.i, 'unit', s.unit, 'operation', s.operation,
          'duration_ms', r.i * 104729 %% 5000), r.at
      FROM (SELECT i, to_timestamp(%3$d + i::numeric * %4$d / %1$d) AS at,
          (i * 7901 %% 10007) / 10007.0 AS u FROM generate_series(0::bigint, %1$d - 1) AS i) AS r
        JOIN (VALUES (0, 'openai', 'gpt-4', '', true, 'tokens', 'input_tokens'),
          (1, 'openai', 'gpt-3.5-turbo', '', true, 'tokens', 'input_tokens'),
          (2, 'whisper', 'whisper', 'transcribe', false, 'minutes', 'audio_seconds'),
          (3, 'google_video_ai', 'google_video_ai', 'analyze', false, 'minutes', 'video_seconds'),
          (4, 's3', 's3', 'upload', false, 'GB', 'bytes')) AS s
          (kind, service, model, operation, is_prompt, unit, bucket) ON s.kind = r.i %% 5
      """;

  private static final String STEPS =
      """
      INSERT INTO performance_step (at, stream_id, seq, record_id, app_id, subject, execution,
        task_type, step_name, completed_at, duration_ms, status, is_whole, error, metadata)
      SELECT r.at, 2, r.i, 's-' || r.i, 'acme', 'user-' || r.i %% %2$d, 'run-' || r.i / 5,
        (ARRAY['video_generation', 'material_analysis',
          'voiceover_processing'])[(1 + r.i / 5 %% 3)::integer],
        (ARRAY['cut', 'render', 'upload', 'check', 'publish'])[(1 + r.i %% 5)::integer],
        r.at + r.millis * interval '1 ms', r.millis,
        CASE WHEN r.i %% 31 = 0 THEN 'failed' ELSE 'success' END, false,
        CASE WHEN r.i %% 31 = 0 THEN 'the file has no sound' END,
        jsonb_build_object('record_id', 's-' || r.i, 'step_name', 'render', 'status', 'success',
          'completed_at', r.at)
      FROM (SELECT i, to_timestamp(%3$d + i::numeric * %4$d / %1$d) AS at,
          exp(5 + 4 * ((i * 6007 %% 9973) / 9973.0) ^ 2)::bigint AS millis
        FROM generate_series(0::bigint, %1$d - 1) AS i) AS r
      """;

  private AnalyticsLoad() {}

  /** So many records of costs and as many of steps. */
  static void into(World world, long records) throws SQLException {
    world.execute("SELECT ensure_cost_partition('" + FIRST + "'::timestamptz)");
    world.execute("SELECT ensure_step_partition('" + FIRST + "'::timestamptz)");
    world.execute(of(COSTS, records));
    world.execute(of(STEPS, records));
    assertThat(RebuiltSums.in(world)).isPositive();
    try (Connection owner = connect(world)) {
      owner.setAutoCommit(false);
      rebuilt(owner, Sketches::rebuild);
    }
    // As the database does by itself after a while.
    world.execute("VACUUM ANALYZE");
  }

  /** As the owner, whose statements may take as long as they do. */
  static Connection connect(World world) throws SQLException {
    DatabaseAddress owner = world.owner();
    return DriverManager.getConnection(
        owner.url() + "?options=-c%20timezone%3DUTC%20-c%20jit%3Doff",
        owner.user(),
        owner.password());
  }

  private static void rebuilt(Connection owner, ToIntFunction<Handle> rebuild) throws SQLException {
    assertThat(Database.over(owner, rebuild::applyAsInt)).isPositive();
    owner.commit();
  }

  private static String of(String sql, long records) {
    long first = FIRST.getEpochSecond();
    return sql.formatted(records, USERS, first, LAST.getEpochSecond() - first);
  }
}
