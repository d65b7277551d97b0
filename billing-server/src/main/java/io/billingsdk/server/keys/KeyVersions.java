package io.billingsdk.server.keys;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/**
 * For a database that was restored: its keys have versions that services have seen, or older ones,
 * and a service does not believe a table that goes back.
 */
public final class KeyVersions {
  /** More changes than there can have been since the backup. */
  private static final long AHEAD = 1_000_000;

  private final Database database;
  private final Actor actor;

  /** In a database. */
  public KeyVersions(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** Gives all keys versions beyond all that were ever told; returns that of the table. */
  public long raise() throws SQLException {
    return database.inTransaction(
        connection -> {
          long jump;
          long version;
          try (PreparedStatement table =
                  connection.prepareStatement(
                      "UPDATE key_table t SET version = version + j.jump FROM (SELECT version -"
                          + " coalesce((SELECT min(version) FROM api_key), version) + "
                          + AHEAD
                          + " AS jump FROM key_table) AS j RETURNING j.jump, t.version");
              ResultSet raised = table.executeQuery()) {
            raised.next();
            jump = raised.getLong(1);
            version = raised.getLong(2);
          }
          try (PreparedStatement keys =
              connection.prepareStatement("UPDATE api_key SET version = version + ?")) {
            keys.setLong(1, jump);
            keys.executeUpdate();
          }
          AuditLog.write(
              connection, actor, "keys.republish", "all", null, Map.of("version", version));
          return version;
        });
  }
}
