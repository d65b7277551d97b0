package io.billingsdk.server.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** PostgreSQL's programs, unpacked once for all tests of a module: that takes seconds each time. */
public final class SharedBinaries {
  private static final Path ALL = Path.of("target", "postgresql-binaries").toAbsolutePath();

  private SharedBinaries() {}

  /** Lets the database of a directory use them. */
  public static synchronized EmbeddedDatabase database(Path directory, int port) {
    try {
      new Binaries(ALL, PostgresHere.archive()).ready();
      PrivateCopies.makeDirectory(directory);
      Path link = directory.resolve("binaries");
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, ALL);
      }
      return new EmbeddedDatabase(directory, port);
    } catch (IOException failed) {
      throw new UncheckedIOException("PostgreSQL cannot be unpacked for the tests", failed);
    }
  }
}
