package io.billingsdk.server.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees a cluster from the locale under which an earlier version made it, on a machine that does
 * not have it: PostgreSQL lets nobody into such a database. It is started once with another locale
 * under that name; then its databases are said to have the order of no operating system, as new
 * ones have, and the indexes, which are in the order of the old locale, are made again.
 */
final class AbsentLocale {
  private static final Logger log = LoggerFactory.getLogger(AbsentLocale.class);

  // PostgreSQL names the locale in these words alone: the failure has no field and no state for it.
  private static final Pattern NAME =
      Pattern.compile(
          "(?:initialized with LC_\\w+|could not create locale) \"([A-Za-z0-9_.@-]+)\"");

  private static final String LOCALES = "locale";

  private static final List<Path> NEUTRAL =
      List.of(Path.of("/usr/lib/locale/C.utf8"), Path.of("/usr/lib/locale/C.UTF-8"));

  private static final String FREE =
      "UPDATE pg_database SET datlocprovider = 'b', datlocale = 'C.UTF-8', datcollate = 'C',"
          + " datctype = 'C', datcollversion = NULL WHERE datlocprovider = 'c'";

  private AbsentLocale() {}

  /** The locale that is not there, if a login failed for that reason. */
  static Optional<String> of(SQLException refused) {
    Matcher name = NAME.matcher(String.valueOf(refused.getMessage()));
    return name.find() ? Optional.of(name.group(1)) : Optional.empty();
  }

  /**
   * Makes a directory that has another locale under that name. It is there until {@link #finish}
   * has been.
   *
   * @return the directory, for the environment of the postmaster that is then started
   * @throws IOException when this system has none that could stand in
   */
  static Path standIn(Path directory, String name) throws IOException {
    Path neutral =
        NEUTRAL.stream()
            .filter(Files::isDirectory)
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        "the database was created with the locale "
                            + name
                            + ", which this machine does not have; install it and start again"));
    log.warn("the database was created with the locale {}, which is not there: it is freed", name);
    Path locales = directory.resolve(LOCALES);
    OwnerOnlyFiles.makeDirectory(locales);
    Path link = locales.resolve(name);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, neutral);
    return locales;
  }

  /** Gives its databases the order of no machine, in one transaction. */
  static void free(DatabaseAddress owner) throws SQLException {
    try (Connection session = Connections.open(owner);
        Statement statement = session.createStatement()) {
      statement.executeUpdate(FREE);
    }
  }

  /**
   * Makes the indexes again, in the new order; nothing, when no locale stood in. An end in between
   * leaves the directory, and the next start does it again.
   */
  static void finish(Path directory, Connection owner) throws SQLException, IOException {
    Path locales = directory.resolve(LOCALES);
    if (Files.exists(locales)) {
      try (Statement statement = owner.createStatement()) {
        statement.execute("REINDEX DATABASE postgres");
      }
      OwnerOnlyFiles.deleteTree(locales);
    }
  }
}
