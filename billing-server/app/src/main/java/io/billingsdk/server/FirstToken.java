package io.billingsdk.server;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Tokens.NewToken;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The token of the first operator, from the moment when it is made until it has been shown: in a
 * file that only the owner of the data directory can read. A start that fails in between does not
 * lose it.
 */
final class FirstToken {
  private final Path directory;
  private final Path file;

  /** Kept in a data directory. */
  FirstToken(Path dataDirectory) {
    this.directory = dataDirectory.resolve("secrets");
    this.file = directory.resolve(".first-token");
  }

  /**
   * The token that is to be shown, as long as nobody has shown it.
   *
   * @throws InstallationException when the operator cannot be made
   */
  static Optional<String> make(Path dataDirectory, Database database) {
    try {
      return new FirstToken(dataDirectory).of(new Operators(database, new Actor("server")));
    } catch (DatabaseException failed) {
      throw new InstallationException(
          "the first operator cannot be created: " + InstallationException.reason(failed), failed);
    }
  }

  /** The token that is to be shown: of an operator who is made now, or was by an earlier start. */
  Optional<String> of(Operators operators) {
    Optional<NewToken> made = operators.createFirst(token -> keep(token.text()));
    return made.isPresent() ? made.map(NewToken::text) : kept();
  }

  /** It has been shown, and must not be kept. */
  void shown() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new InstallationException(
          "the token that was shown cannot be deleted: " + file, failed);
    }
  }

  private Optional<String> kept() {
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).trim()) : Optional.empty();
    } catch (IOException failed) {
      throw new InstallationException("the first operator's token cannot be read: " + file, failed);
    }
  }

  private void keep(String token) {
    try {
      OwnerOnlyFiles.makeDirectory(directory);
      OwnerOnlyFiles.write(file, token);
    } catch (IOException failed) {
      throw new InstallationException("the first operator's token cannot be kept: " + file, failed);
    }
  }
}
