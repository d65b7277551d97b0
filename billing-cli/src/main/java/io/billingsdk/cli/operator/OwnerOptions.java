package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.db.DatabaseAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The login that owns the tables of a database elsewhere. */
final class OwnerOptions {
  private static final String PASSWORD_VARIABLE = "BILLING_DATABASE_OWNER_PASSWORD";

  @Option(
      names = "--database-owner",
      paramLabel = "NAME",
      description =
          "the login that owns the tables, for migrations alone; the server then refuses to work"
              + " with a login that could change the ledger. Its password comes from"
              + " --database-owner-password-file or the variable "
              + PASSWORD_VARIABLE)
  private @Nullable String owner;

  @Option(
      names = "--database-owner-password-file",
      paramLabel = "FILE",
      description = "holds the password and nothing else")
  private @Nullable Path passwordFile;

  /** The owner of a database; null when the server's own login is it, or the database is ours. */
  @Nullable DatabaseAddress address(@Nullable String url) {
    if (owner == null) {
      return null;
    }
    if (url == null) {
      throw new WrongOptionException("--database-owner needs --database");
    }
    return new DatabaseAddress(url, owner, PasswordFile.read(passwordFile, PASSWORD_VARIABLE));
  }
}
