package io.billingsdk.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory for the databases of tests: in memory where the system has room there, and otherwise
 * where temporary files go. Databases of hundreds of tests on a slow disk take most of the time of
 * a build.
 *
 * <p>Not for tests of what a disk keeps, such as those of the journal.
 */
public final class QuickDirectory {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** What several JVMs with tests need together. Containers often have 64 MiB. */
  private static final long ROOM = 6L << 30;

  private QuickDirectory() {}

  /** Makes one. */
  public static Path create(String prefix) throws IOException {
    return hasRoom()
        ? Files.createTempDirectory(MEMORY, prefix)
        : Files.createTempDirectory(prefix);
  }

  private static boolean hasRoom() throws IOException {
    return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() >= ROOM;
  }
}
