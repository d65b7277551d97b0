package io.billingsdk.server.cli;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerException;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.database.DatabaseAddress;
import io.billingsdk.server.database.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the data is: a data directory, and a database elsewhere if there is one. */
final class DatabaseOptions {
  static final String PASSWORD_VARIABLE = "BILLING_DATABASE_PASSWORD";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the data of this server; default: ./billing-data")
  private Path dataDirectory = Path.of("billing-data");

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "jdbc:postgresql://host:port/name; default: a PostgreSQL of its own. The password comes"
              + " from --database-password-file or the variable "
              + PASSWORD_VARIABLE)
  private @Nullable String database;

  @Option(names = "--database-user", paramLabel = "NAME", description = "default: billing")
  private String user = "billing";

  @Option(names = "--database-password-file", paramLabel = "FILE")
  private @Nullable Path passwordFile;

  Path dataDirectory() {
    return dataDirectory.toAbsolutePath().normalize();
  }

  /** The database elsewhere; null for our own. */
  @Nullable DatabaseAddress external() {
    return database == null ? null : new DatabaseAddress(database, user, password());
  }

  /** The database of a running server. */
  Database open() {
    DatabaseAddress elsewhere = external();
    return Database.at(
        elsewhere == null ? BillingServer.runningDatabase(dataDirectory()) : elsewhere);
  }

  Secrets secrets() {
    return new Secrets(dataDirectory().resolve("secrets"));
  }

  private String password() {
    if (passwordFile != null) {
      try {
        return Files.readString(passwordFile).trim();
      } catch (IOException failed) {
        throw new ServerException("the password file cannot be read: " + passwordFile, failed);
      }
    }
    String variable = System.getenv(PASSWORD_VARIABLE);
    return variable == null ? "" : variable;
  }
}
