package io.billingsdk.server.broker;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.database.Database;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Changes of {@link Instances} by somebody. Passwords are files and no part of a transaction, so
 * the entry in the audit log comes first: there is no change without one, and after a crash in
 * between there is an entry whose change was not made. Thread-safe.
 */
public final class InstanceAdmin {
  private final Instances instances;
  private final Database database;
  private final Actor actor;

  /**
   * Over the instances of a broker.
   *
   * @param database with the audit log
   * @param actor who changes them
   */
  public InstanceAdmin(Instances instances, Database database, Actor actor) {
    this.instances = instances;
    this.database = database;
    this.actor = actor;
  }

  /**
   * The password of an instance, made when it has none; to show one again is no change.
   *
   * @throws SQLException when the entry cannot be written; no password is made then
   */
  public String create(String name) throws SQLException {
    Optional<String> known = instances.knownPasswordOf(name);
    if (known.isPresent()) {
      return known.get();
    }
    write("instance.create", name);
    return instances.passwordOf(name);
  }

  /**
   * Takes the password of an instance away.
   *
   * @throws io.billingsdk.server.ServerException when there is no such instance
   * @throws SQLException when the entry cannot be written; the password is good as before then
   */
  public void revoke(String name) throws SQLException {
    if (instances.knownPasswordOf(name).isPresent()) {
      write("instance.revoke", name);
    }
    instances.revoke(name);
  }

  private void write(String action, String name) throws SQLException {
    database.inTransaction(
        connection -> {
          AuditLog.write(connection, actor, action, name, null, Map.of());
          return true;
        });
  }
}
