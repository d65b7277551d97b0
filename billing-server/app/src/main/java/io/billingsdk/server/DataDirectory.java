package io.billingsdk.server;

import io.billingsdk.server.backup.Backups;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.EmbeddedDatabase;
import io.billingsdk.server.db.OwnerOnlyFiles;
import io.billingsdk.server.db.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Where things are in a data directory. Immutable. */
record DataDirectory(Path path) {
  /** Of the own database. */
  Path database() {
    return path.resolve("postgresql");
  }

  /** Of the own broker. */
  Path broker() {
    return path.resolve("broker");
  }

  /** There from a restore until the server that follows it has announced that. */
  Path restored() {
    return path.resolve(Backups.RESTORED);
  }

  Secrets secrets() {
    return new Secrets(path.resolve("secrets"));
  }

  Path httpPort() {
    return path.resolve("http-port");
  }

  Path brokerPort() {
    return path.resolve("mqtt-port");
  }

  Path databasePort() {
    return EmbeddedDatabase.portFile(database());
  }

  /** The database looks after its own directory. */
  void closeToOthers() {
    try {
      OwnerOnlyFiles.closeTree(path, String.valueOf(database().getFileName()));
    } catch (IOException failed) {
      throw new InstallationException(
          "the data directory cannot be closed to other users: "
              + InstallationException.reason(failed),
          failed);
    }
  }

  /** For the commands, which work beside a running server. */
  static void writePort(Path file, int port) {
    try {
      OwnerOnlyFiles.write(file, Integer.toString(port));
    } catch (IOException failed) {
      throw new InstallationException(
          "the data directory cannot be written: " + InstallationException.reason(failed), failed);
    }
  }

  /** A port that was written; empty without one. */
  static OptionalInt port(Path file) {
    try {
      return Files.exists(file)
          ? OptionalInt.of(Integer.parseInt(Files.readString(file).trim()))
          : OptionalInt.empty();
    } catch (IOException | NumberFormatException failed) {
      throw new InstallationException("cannot read " + file, failed);
    }
  }

  /** Otherwise a command would ask a port where our server has stopped listening. */
  static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new InstallationException("the data directory cannot be written", failed);
    }
  }
}
