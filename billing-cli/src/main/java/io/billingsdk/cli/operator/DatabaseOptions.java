package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.Secrets;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the data is: a data directory, and a database elsewhere if there is one. */
final class DatabaseOptions {
  private static final String DEFAULT_DIRECTORY = "billing-data";

  static final String PASSWORD_VARIABLE = "BILLING_DATABASE_PASSWORD";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the data of this server; default: ./billing-data")
  private Path dataDirectory = Path.of(DEFAULT_DIRECTORY);

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "jdbc:postgresql://host:port/name; default: a PostgreSQL of its own. The password comes"
              + " from --database-password-file or the variable "
              + PASSWORD_VARIABLE)
  private @Nullable String database;

  @Option(
      names = "--database-user",
      paramLabel = "NAME",
      description = "the login of the server; default: billing")
  private String user = "billing";

  @Option(
      names = "--database-password-file",
      paramLabel = "FILE",
      description = "holds the password and nothing else")
  private @Nullable Path passwordFile;

  Path dataDirectory() {
    return dataDirectory.toAbsolutePath().normalize();
  }

  @Nullable String url() {
    return database;
  }

  /** The database elsewhere; null for our own. */
  @Nullable DatabaseAddress external() {
    try {
      return database == null
          ? null
          : new DatabaseAddress(database, user, PasswordFile.read(passwordFile, PASSWORD_VARIABLE));
    } catch (IllegalArgumentException malformed) {
      throw new WrongOptionException("--database: " + malformed.getMessage(), malformed);
    }
  }

  /** These options, to be given again to the next command; empty when all are the defaults. */
  String asGiven() {
    StringBuilder given = new StringBuilder();
    if (!dataDirectory.equals(Path.of(DEFAULT_DIRECTORY))) {
      given.append(" --data-dir ").append(PasteLines.quoted(dataDirectory.toString()));
    }
    if (database != null) {
      given.append(" --database ").append(PasteLines.quoted(database));
      given.append(" --database-user ").append(PasteLines.quoted(user));
    }
    if (passwordFile != null) {
      given.append(" --database-password-file ");
      given.append(PasteLines.quoted(passwordFile.toString()));
    }
    return given.toString();
  }

  private Database open() {
    DatabaseAddress elsewhere = external();
    return Database.unpooled(
        elsewhere == null ? BillingServer.runningDatabase(dataDirectory()) : elsewhere);
  }

  /** Work of a command. */
  @FunctionalInterface
  interface Work<T> {
    T on(Database database);
  }

  /** A change by a service, without a result. */
  @FunctionalInterface
  interface Change<S> {
    void by(S service);
  }

  /**
   * The same as {@link #with} by a service, without a result.
   *
   * @throws CommandException when the database cannot be reached, or refuses
   */
  <S> void change(Function<Database, S> service, Change<S> change) {
    var unused =
        with(
            database -> {
              change.by(service.apply(database));
              return true;
            });
  }

  /**
   * Works on the database of a running server.
   *
   * @throws CommandException when the database cannot be reached, or refuses
   */
  <T> T with(Work<T> work) {
    try (Database database = open()) {
      return work.on(database);
    } catch (DatabaseException failed) {
      throw new CommandException("the database refused: " + failed.getMessage(), failed);
    }
  }

  Secrets secrets() {
    return new Secrets(dataDirectory().resolve("secrets"));
  }
}
