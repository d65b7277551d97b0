package io.billingsdk.server.database;

import io.billingsdk.server.ServerException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses a login for the server's work that could do more than the server may: whoever has it, by
 * a stolen password or a fault of ours, could else rewrite what was counted. The role in use says
 * nothing of that, since a login can leave it; so this looks at the login itself and at all roles
 * that it can take on.
 */
public final class LoginChecks {
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
          WHERE oid IN ('usage_event'::regclass, 'event_identity'::regclass,
            'attribution'::regclass)))
      ORDER BY 1
      """;

  /** Rights on the tables of what was counted, whose rows are added and never changed. */
  private static final String RIGHTS =
      """
      SELECT r.rolname, t.name FROM pg_roles r,
        unnest(ARRAY['usage_event', 'event_identity', 'attribution', 'rejected_event',
          'conflicting_event', 'audit_log', 'correction', 'replay']) AS t (name)
      WHERE pg_has_role(session_user, r.oid, 'MEMBER')
        AND has_table_privilege(r.oid, t.name, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
      ORDER BY 1, 2
      """;

  private LoginChecks() {}

  /**
   * Looks at a login, once the tables are there.
   *
   * @throws ServerException naming everything that is wrong and what is expected
   */
  public static void run(DatabaseAddress server) {
    List<String> problems = new ArrayList<>();
    try (Connection connection = Connections.open(server)) {
      if (!isSuperuser(connection, problems)) {
        roles(connection, problems);
        owned(connection, problems);
        rights(connection, problems);
      }
    } catch (SQLException failed) {
      throw new ServerException(
          "the database cannot be used as " + server.user() + ": " + failed.getMessage(), failed);
    }
    if (!problems.isEmpty()) {
      throw new ServerException(
          "the database login " + server.user() + " is refused: " + String.join("; ", problems));
    }
  }

  /** One that is a superuser is a member of all roles: one problem, and not hundreds. */
  private static boolean isSuperuser(Connection connection, List<String> problems)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SUPERUSERS);
        ResultSet found = query.executeQuery()) {
      boolean superuser = found.next();
      if (superuser) {
        problems.add("it is, or can become, the superuser " + found.getString(1));
      }
      return superuser;
    }
  }

  private static void roles(Connection connection, List<String> problems) throws SQLException {
    boolean member = false;
    try (PreparedStatement query = connection.prepareStatement(ROLES);
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        String role = found.getString(1);
        member |= role.equals(Database.ROLE);
        if (found.getBoolean(2)) {
          problems.add("it can make roles, as " + role);
        }
      }
    }
    if (!member) {
      problems.add(
          "it must be a member of " + Database.ROLE + ": GRANT " + Database.ROLE + " TO the login");
    }
  }

  private static void owned(Connection connection, List<String> problems) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(OWNED);
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        problems.add(
            "it is, or can become, the owner "
                + found.getString(1)
                + " of the ledger; it must be another login than --database-owner");
      }
    }
  }

  private static void rights(Connection connection, List<String> problems) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(RIGHTS);
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        problems.add(
            "as "
                + found.getString(1)
                + " it may change "
                + found.getString(2)
                + "; it must only"
                + " add and read");
      }
    }
  }
}
