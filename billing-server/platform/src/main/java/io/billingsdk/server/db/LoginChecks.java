package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Refuses a login for the server's work that could do more than the server may: otherwise its
 * holder, by a stolen password or a fault of ours, could rewrite counted events. The role in use
 * says nothing of that, since a login can leave it; so this looks at the login itself and at all
 * roles that it can take on.
 */
final class LoginChecks {
  private static final String SUPERUSERS =
      "SELECT rolname FROM pg_roles WHERE rolsuper AND pg_has_role(session_user, oid, 'MEMBER')";

  /** Roles that the login has, or can take on by SET ROLE. */
  private static final String ROLES =
      "SELECT rolname, rolcreaterole FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')";

  private static final String OWNED =
      """
      SELECT DISTINCT rolname FROM pg_roles r
      WHERE pg_has_role(session_user, r.oid, 'MEMBER') AND (
        r.oid IN (SELECT datdba FROM pg_database WHERE datname = current_database())
        OR r.oid IN (SELECT nspowner FROM pg_namespace WHERE nspname = current_schema())
        OR r.oid IN (SELECT relowner FROM pg_class
          WHERE oid IN (SELECT t.name::regclass FROM unnest(:tables) AS t (name))))
      ORDER BY 1
      """;

  /** Rights on the tables of what was counted, whose rows are added and never changed. */
  private static final String RIGHTS =
      """
      SELECT r.rolname, t.name FROM pg_roles r,
        unnest(:tables) AS t (name)
      WHERE pg_has_role(session_user, r.oid, 'MEMBER')
        AND has_table_privilege(r.oid, t.name, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
      ORDER BY 1, 2
      """;

  private LoginChecks() {}

  /**
   * Looks at a login, once the tables are there.
   *
   * @param appendOnly the tables whose rows are added and never changed, as the features name them
   * @throws InstallationException naming everything that is wrong and what is expected
   */
  static void run(DatabaseAddress server, Collection<String> appendOnly) {
    List<String> problems = new ArrayList<>();
    try (Connection connection = Connections.open(server)) {
      problems.addAll(Database.over(connection, handle -> problems(handle, appendOnly)));
    } catch (SQLException | DatabaseException failed) {
      throw new InstallationException(
          "the database cannot be used as " + server.user() + ": " + failed.getMessage(), failed);
    }
    if (!problems.isEmpty()) {
      throw new InstallationException(
          "the database login " + server.user() + " is refused: " + String.join("; ", problems));
    }
  }

  /** One that is a superuser is a member of all roles: one problem, and not hundreds. */
  private static List<String> problems(Handle handle, Collection<String> appendOnly) {
    List<String> superusers =
        handle
            .createQuery(SUPERUSERS)
            .map(ResultRow.to(row -> "it is, or can become, the superuser " + row.text("rolname")))
            .list();
    if (!superusers.isEmpty()) {
      return superusers.subList(0, 1);
    }
    List<String> problems = new ArrayList<>(roles(handle));
    problems.addAll(owned(handle, appendOnly));
    problems.addAll(rights(handle, appendOnly));
    return problems;
  }

  private record Role(String name, boolean makesRoles) {}

  private static List<String> roles(Handle handle) {
    List<Role> roles =
        handle
            .createQuery(ROLES)
            .map(ResultRow.to(row -> new Role(row.text("rolname"), row.flag("rolcreaterole"))))
            .list();
    List<String> problems = new ArrayList<>();
    roles.stream()
        .filter(Role::makesRoles)
        .forEach(role -> problems.add("it can create roles, as " + role.name()));
    if (roles.stream().noneMatch(role -> role.name().equals(Database.ROLE))) {
      problems.add(
          "it must be a member of " + Database.ROLE + ": GRANT " + Database.ROLE + " TO the login");
    }
    return problems;
  }

  private static List<String> owned(Handle handle, Collection<String> appendOnly) {
    return handle
        .createQuery(OWNED)
        .bind("tables", SqlArrays.texts(appendOnly))
        .map(
            ResultRow.to(
                row ->
                    "it is, or can become, the owner "
                        + row.text("rolname")
                        + " of the ledger; it must be another login than --database-owner"))
        .list();
  }

  private static List<String> rights(Handle handle, Collection<String> appendOnly) {
    return handle
        .createQuery(RIGHTS)
        .bind("tables", SqlArrays.texts(appendOnly))
        .map(
            ResultRow.to(
                row ->
                    "as "
                        + row.text("rolname")
                        + " it may change "
                        + row.text("name")
                        + "; it must only add and read"))
        .list();
  }
}
