package io.billingsdk.benchmarks.query;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.Secrets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A month of usage, spread evenly over its time, the apps, their keys and the models: the worst
 * case for rollups, which are then nearly as many as can be. Made within the database; that the
 * rollups are the collector's sums is checked with the questions.
 */
final class SampleLedger {
  static final int APPS = 20;
  static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant TO = Instant.parse("2026-02-01T00:00:00Z");

  private static final String EVENTS =
      """
      INSERT INTO usage_event
        (occurred_at, stream_id, seq, app_id, key_id, module, model, usage, metadata)
      SELECT ?::timestamptz + make_interval(secs => 2678400.0 * n / ?), 1, n,
        'app_' || abs(hashint4(n)) %% %d, 'k_' || abs(hashint4(n)) %% %d || '_' || n %% 5,
        'llm', 'model-' || n %% 4, (n %% 1000)::numeric / 8,
        jsonb_build_object('region', 'eu-' || n %% 3, 'prompt_tokens', n %% 4096)
      FROM generate_series(0, ?) AS n
      """
          .formatted(APPS, APPS);

  private static final String ROLLUPS =
      """
      INSERT INTO usage_rollup_shard
      SELECT date_trunc('hour', occurred_at, 'UTC'), app_id, key_id, module, model, stream_id,
        count(*), sum(usage)
      FROM usage_event GROUP BY 1, 2, 3, 4, 5, 6
      """;

  private SampleLedger() {}

  /** Fills the ledger of a running server; returns the number of rollups. */
  static long fill(Path dataDirectory, int events) throws SQLException {
    DatabaseAddress server = BillingServer.runningDatabase(dataDirectory);
    Path secrets = BillingServer.databaseDirectory(dataDirectory).resolve("secrets");
    try (Connection owner =
            DriverManager.getConnection(
                server.url(), "postgres", new Secrets(secrets).of("owner"));
        Statement statement = owner.createStatement();
        PreparedStatement insert = owner.prepareStatement(EVENTS)) {
      OffsetDateTime from = FROM.atOffset(ZoneOffset.UTC);
      try (PreparedStatement month = owner.prepareStatement("SELECT ensure_partition(?)")) {
        month.setObject(1, from);
        month.execute();
      }
      insert.setObject(1, from);
      insert.setDouble(2, events);
      insert.setInt(3, events - 1);
      insert.executeUpdate();
      long rollups = statement.executeUpdate(ROLLUPS);
      // As autovacuum does in time.
      statement.execute("VACUUM ANALYZE");
      return rollups;
    }
  }

  static String app(int number) {
    return "app_" + number % APPS;
  }
}
