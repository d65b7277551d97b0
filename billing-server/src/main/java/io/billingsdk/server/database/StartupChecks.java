package io.billingsdk.server.database;

import io.billingsdk.server.ServerException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses a database that cannot keep the promise: one whose COMMIT is no commit, whose identities
 * are not unique, or that would let the server change the ledger.
 */
public final class StartupChecks {
  private static final List<String> DURABILITY =
      List.of("fsync", "full_page_writes", "synchronous_commit");

  private StartupChecks() {}

  /**
   * Looks at the settings that are in force for a connection of the server.
   *
   * @throws ServerException naming everything that is wrong and what is expected
   */
  public static void run(Database database) {
    List<String> problems = new ArrayList<>();
    try {
      database.call(
          connection -> {
            durability(connection, problems);
            identity(connection, problems);
            rights(connection, problems);
            return true;
          });
    } catch (SQLException failed) {
      throw new ServerException("the database cannot be checked: " + failed.getMessage(), failed);
    }
    if (!problems.isEmpty()) {
      throw new ServerException("the database is refused: " + String.join("; ", problems));
    }
  }

  private static void durability(Connection connection, List<String> problems)
      throws SQLException {
    for (String setting : DURABILITY) {
      try (PreparedStatement query = connection.prepareStatement("SELECT current_setting(?)")) {
        query.setString(1, setting);
        try (ResultSet found = query.executeQuery()) {
          if (found.next() && found.getString(1).equals("off")) {
            problems.add(
                setting + " is off, so that a COMMIT may be lost by a power cut; it must be on");
          }
        }
      }
    }
  }

  private static void identity(Connection connection, List<String> problems) throws SQLException {
    String sql =
        "SELECT FROM pg_constraint WHERE conname = 'event_identity_is_unique' AND conrelid ="
            + " 'event_identity'::regclass";
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet found = query.executeQuery()) {
      if (!found.next()) {
        problems.add(
            "event_identity has lost its primary key, so that an event could be counted twice");
      }
    }
  }

  private static void rights(Connection connection, List<String> problems) throws SQLException {
    String sql =
        "SELECT relation FROM unnest(ARRAY['usage_event', 'event_identity']) AS relation"
            + " WHERE has_table_privilege(relation, 'UPDATE, DELETE, TRUNCATE')";
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        problems.add(
            "the role of the server may change "
                + found.getString(1)
                + "; it must only add and read (is it a superuser?)");
      }
    }
  }
}
