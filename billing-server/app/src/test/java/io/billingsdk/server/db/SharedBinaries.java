package io.billingsdk.server.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** PostgreSQL's programs, unpacked once for all tests of a module: that takes seconds each time. */
public final class SharedBinaries {
  private static final Path ALL = Path.of("target", "postgresql-binaries").toAbsolutePath();

  private SharedBinaries() {}

  /** Lets the database of a directory use them. */
  static EmbeddedDatabase database(Path directory, int port) {
    link(directory);
    return new EmbeddedDatabase(directory, port);
  }

  /** The same, to be started again with the logins that tests have made. */
  public static EmbeddedDatabase databaseOfTests(Path directory, int port) {
    link(directory);
    return new EmbeddedDatabase(directory, port, /* rolesOfOthers= */ true);
  }

  /** Deletes the directory of a database that has ended. */
  public static void delete(Path directory) {
    try {
      OwnerOnlyFiles.deleteTree(directory);
    } catch (IOException failed) {
      throw new UncheckedIOException("the directory of a test cannot be deleted", failed);
    }
  }

  private static synchronized void link(Path directory) {
    try (FileChannel lock = lockFile();
        FileLock held = lock.lock()) {
      // Two JVMs run the tests of the module.
      assert held.isValid();
      new Binaries(ALL, PostgresSupport.archive()).ready();
      OwnerOnlyFiles.makeDirectory(directory);
      Path link = directory.resolve("binaries");
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, ALL);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("PostgreSQL cannot be unpacked for the tests", failed);
    }
  }

  private static FileChannel lockFile() throws IOException {
    Files.createDirectories(Objects.requireNonNull(ALL.getParent()));
    return FileChannel.open(
        ALL.resolveSibling("postgresql-binaries.lock"),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }
}
