package io.billingsdk.server.keys;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.util.Map;

/**
 * For a database that was restored: its keys have versions that services have seen, or older ones,
 * and a service does not believe a table that goes back.
 */
public final class KeyVersions {
  /** More changes than there can have been since the backup. */
  private static final long AHEAD = 1_000_000;

  private static final String RAISE_TABLE =
      """
      UPDATE key_table t SET version = version + j.jump
      FROM (SELECT version - coalesce((SELECT min(version) FROM api_key), version) + :ahead AS jump
        FROM key_table) AS j
      RETURNING j.jump, t.version
      """;

  private static final String RAISE_KEYS = "UPDATE api_key SET version = version + :jump";

  private final Database database;
  private final Actor actor;

  /** In a database. */
  public KeyVersions(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** Gives all keys versions beyond all that were ever told; returns that of the table. */
  public long raise() {
    return database.inTransaction(
        handle -> {
          Raised raised =
              handle
                  .createQuery(RAISE_TABLE)
                  .bind("ahead", AHEAD)
                  .map(ResultRow.to(row -> new Raised(row.number("jump"), row.number("version"))))
                  .one();
          handle.createUpdate(RAISE_KEYS).bind("jump", raised.jump()).execute();
          AuditLog.write(
              handle, actor, "keys.republish", "all", null, Map.of("version", raised.version()));
          return raised.version();
        });
  }

  private record Raised(long jump, long version) {}
}
