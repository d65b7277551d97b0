package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The roles of our own database, and that there are no others: an earlier version let every local
 * user in while it started for the first time, and a role that was made then would stay.
 */
final class OwnRoles {
  /** Of the database and its tables; a superuser. */
  static final String OWNER = "postgres";

  /** The login of the server. */
  static final String SERVER = "billing_app";

  private static final String OTHERS =
      """
      SELECT rolname || CASE WHEN rolsuper THEN ' (a superuser)' ELSE '' END FROM pg_roles
      WHERE rolname NOT IN ('%s', '%s', '%s') AND rolname !~ '^pg_' ORDER BY 1
      """
          .formatted(OWNER, SERVER, Database.ROLE);

  private OwnRoles() {}

  /**
   * Makes ours.
   *
   * @param password of the server's login
   */
  static void ready(Connection connection, String password) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'billing_server') THEN"
              + " CREATE ROLE billing_server NOLOGIN; END IF; IF NOT EXISTS (SELECT FROM pg_roles"
              + " WHERE rolname = 'billing_app') THEN CREATE ROLE billing_app LOGIN NOINHERIT IN"
              + " ROLE billing_server; END IF; END $$");
      statement.execute("ALTER ROLE " + SERVER + " PASSWORD '" + password + "'");
    }
  }

  /** Refuses roles that are not ours: somebody else has been in. */
  static void refuseOthers(Connection connection) throws SQLException {
    List<String> others = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(OTHERS)) {
      while (found.next()) {
        others.add(found.getString(1));
      }
    }
    if (!others.isEmpty()) {
      throw new InstallationException(
          "the server's own database has roles that are not its own: "
              + String.join(", ", others)
              + "; they may have read and changed everything. Restore a backup from before they"
              + " were created, or see \"Roles that are not the server's\" in docs/operations.md");
    }
  }
}
