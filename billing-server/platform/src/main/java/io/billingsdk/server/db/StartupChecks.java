package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Refuses a database that cannot keep the promise: one whose COMMIT is no commit, whose identities
 * are not unique, or that would let the server change the ledger.
 */
final class StartupChecks {
  private static final List<String> DURABILITY =
      List.of("fsync", "full_page_writes", "synchronous_commit");

  private static final String IDENTITY =
      "SELECT 1 FROM pg_constraint WHERE conname = 'event_identity_is_unique' AND conrelid ="
          + " 'event_identity'::regclass";

  private static final String CHANGEABLE =
      "SELECT relation FROM unnest(ARRAY['usage_event', 'event_identity']) AS relation"
          + " WHERE has_table_privilege(relation, 'UPDATE, DELETE, TRUNCATE')";

  private StartupChecks() {}

  /**
   * Looks at the settings that are in force for a connection of the server.
   *
   * @throws InstallationException naming everything that is wrong and what is expected
   */
  static void run(Database database) {
    List<String> problems = new ArrayList<>();
    try {
      var unused =
          database.read(
              handle -> {
                durability(handle, problems);
                identity(handle, problems);
                rights(handle, problems);
                return true;
              });
    } catch (DatabaseException failed) {
      throw new InstallationException(
          "the database cannot be checked: " + failed.getMessage(), failed);
    }
    if (!problems.isEmpty()) {
      throw new InstallationException("the database is refused: " + String.join("; ", problems));
    }
  }

  private static void durability(Handle handle, List<String> problems) {
    for (String setting : DURABILITY) {
      String value =
          handle
              .createQuery("SELECT current_setting(:setting)")
              .bind("setting", setting)
              .mapTo(String.class)
              .one();
      if (value.equals("off")) {
        problems.add(
            setting + " is off, so that a COMMIT may be lost by a power cut; it must be on");
      }
    }
  }

  private static void identity(Handle handle, List<String> problems) {
    if (handle.createQuery(IDENTITY).mapTo(Integer.class).findFirst().isEmpty()) {
      problems.add(
          "event_identity has lost its primary key, so that an event could be counted twice");
    }
  }

  private static void rights(Handle handle, List<String> problems) {
    for (String table : handle.createQuery(CHANGEABLE).mapTo(String.class).list()) {
      problems.add(
          "the role of the server may change "
              + table
              + "; it must only add and read (is it a superuser?)");
    }
  }
}
