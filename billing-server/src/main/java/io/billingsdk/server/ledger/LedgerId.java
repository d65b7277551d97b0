package io.billingsdk.server.ledger;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;

/**
 * Which ledger this is: a number made at random with the tables. A database that was restored lacks
 * what was committed after the copy was taken, and gets another, by which producers see that what
 * they had a receipt for may be missing. Thread-safe.
 */
public final class LedgerId {
  private final Database database;
  private final Actor actor;

  /** Of a database; {@code actor} is who changes it. */
  public LedgerId(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** The one that it has. */
  public UUID current() throws SQLException {
    return database.call(connection -> read(connection, "SELECT id FROM ledger"));
  }

  /** Gives it another, and returns that. */
  public UUID renew() throws SQLException {
    return database.inTransaction(
        connection -> {
          UUID renewed =
              read(
                  connection,
                  "UPDATE ledger SET id = gen_random_uuid(), since = now() RETURNING id");
          AuditLog.write(
              connection, actor, "ledger.renew", "ledger", null, Map.of("id", renewed.toString()));
          return renewed;
        });
  }

  private static UUID read(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table ledger has no row; it must have one");
      }
      return row.getObject(1, UUID.class);
    }
  }
}
