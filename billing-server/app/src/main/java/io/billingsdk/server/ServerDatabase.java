package io.billingsdk.server;

import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.EmbeddedDatabase;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database of a server: its own, which it starts, or one elsewhere. For one thread. */
final class ServerDatabase {
  private static final Logger log = LoggerFactory.getLogger(ServerDatabase.class);

  /** The address for the server's work. */
  private final DatabaseAddress server;

  /** The address of the owner of the tables; null: the server's login owns them. */
  private final @Nullable DatabaseAddress owner;

  private final @Nullable EmbeddedDatabase own;

  private ServerDatabase(
      DatabaseAddress server, @Nullable DatabaseAddress owner, @Nullable EmbeddedDatabase own) {
    this.server = server;
    this.owner = owner;
    this.own = own;
  }

  /** Ends one that a killed server left running: it has the port that is looked at. */
  static void endLeftBehind(DataDirectory directory) {
    try {
      EmbeddedDatabase.endLeftBehind(directory.database());
    } catch (IOException failed) {
      throw new InstallationException(
          "the PostgreSQL of an earlier run in "
              + directory.database()
              + " stays: "
              + InstallationException.reason(failed),
          failed);
    }
  }

  /**
   * Starts the own database, unless there is one elsewhere.
   *
   * @param onGivenUp called with the reason, when the own one has ended and does not start
   */
  static ServerDatabase start(
      ServerSettings settings, StartedParts parts, Consumer<String> onGivenUp) {
    DatabaseAddress elsewhere = settings.database();
    if (elsewhere != null) {
      return new ServerDatabase(elsewhere, settings.owner(), null);
    }
    DataDirectory directory = new DataDirectory(settings.dataDirectory());
    EmbeddedDatabase own = new EmbeddedDatabase(directory.database(), settings.databasePort());
    own.onGivenUp(onGivenUp);
    parts.add(own).start();
    DataDirectory.writePort(directory.databasePort(), own.port());
    return new ServerDatabase(own.server(), own.owner(), own);
  }

  /** The address for the server's work. */
  DatabaseAddress address() {
    return server;
  }

  /** How often the own one was started again. */
  long restarts() {
    return own == null ? 0 : own.restarts();
  }

  /**
   * Brings the tables to this version's form, and looks whether the server may work with them.
   *
   * @param folders of migrations
   * @param appendOnly tables that the server's login may only add to
   * @throws InstallationException when it may not
   */
  void prepare(Database database, Collection<String> folders, Collection<String> appendOnly) {
    if (owner == null) {
      log.warn(
          "the database login {} owns the ledger and could delete it; give a second login with"
              + " --database-owner",
          server.user());
      Database.migrate(server, folders);
    } else {
      Database.migrate(owner, folders);
      Database.requireSafeLogin(server, appendOnly);
    }
    database.requireSafe();
  }
}
