package io.billingsdk.server.broker;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.broker.Instances.InstanceKind;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import java.util.Map;

/**
 * Changes of {@link Instances} by somebody. Passwords are files and no part of a transaction, so
 * the entry in the audit log comes first: there is no change without one, and after a crash in
 * between there is an entry whose change was not made. Thread-safe.
 */
final class InstanceAdmin {
  private final Instances instances;
  private final Database database;
  private final Actor actor;

  /**
   * Over the instances of a broker.
   *
   * @param database with the audit log
   * @param actor who changes them
   */
  InstanceAdmin(Instances instances, Database database, Actor actor) {
    this.instances = instances;
    this.database = database;
    this.actor = actor;
  }

  /**
   * The password of an instance, made when it has none; to show one again is no change.
   *
   * @throws io.billingsdk.server.common.RequestRefusedException when there is one of another kind
   *     with this name
   * @throws DatabaseException when the entry cannot be written; no password is made then
   */
  String create(String name, InstanceKind kind) {
    if (instances.knownPasswordOf(name).isEmpty()) {
      write("instance.create", name, kind == InstanceKind.V1 ? Map.of("protocol", "v1") : Map.of());
    }
    return instances.passwordOf(name, kind);
  }

  /**
   * Takes the password of an instance away.
   *
   * @throws io.billingsdk.server.common.RequestRefusedException when there is no such instance
   * @throws DatabaseException when the entry cannot be written; the password is good as before then
   */
  void revoke(String name) {
    if (instances.knownPasswordOf(name).isPresent()) {
      write("instance.revoke", name, Map.of());
    }
    instances.revokeAndRemember(name);
  }

  private void write(String action, String name, Map<String, String> after) {
    database.useTransaction(handle -> AuditLog.write(handle, actor, action, name, null, after));
  }
}
