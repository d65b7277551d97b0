package io.billingsdk.server.ledger;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.ResultRow;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Which ledger this is: a number made at random with the tables. A database that was restored lacks
 * what was committed after the copy was taken, and gets another, by which instances see that what
 * they had a receipt for may be missing. Thread-safe.
 */
final class LedgerId {
  private final Database database;
  private final Actor actor;

  /** Of a database; {@code actor} is who changes it. */
  LedgerId(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** The one that it has. */
  UUID current() {
    return database.read(handle -> read(handle, "SELECT id FROM ledger"));
  }

  /** Gives it another, and returns that. */
  UUID renew() {
    return database.inTransaction(
        handle -> {
          UUID renewed =
              read(handle, "UPDATE ledger SET id = gen_random_uuid(), since = now() RETURNING id");
          AuditLog.write(
              handle, actor, "ledger.renew", "ledger", null, Map.of("id", renewed.toString()));
          return renewed;
        });
  }

  private static UUID read(Handle handle, String sql) {
    return handle
        .createQuery(sql)
        .map(ResultRow.to(row -> row.uuid("id")))
        .findFirst()
        .orElseThrow(
            () ->
                new DatabaseException(
                    new SQLException("the table ledger has no row; it must have one")));
  }
}
