package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether a directory may be trusted with events: whoever owns it can change what is delivered, and
 * a symbolic link could lead the journal's files anywhere.
 */
final class SlotDirectory {
  private static final String UID = "unix:uid";
  private static final int ROOT = 0;

  /** A link to a directory that belongs to the user of this process. */
  private static final Path THIS_PROCESS = Path.of("/proc/self");

  private SlotDirectory() {}

  /**
   * Refuses a symbolic link, and a directory of another user. Root may use anybody's, and everybody
   * that of root. The owner is looked at on Linux only.
   *
   * @throws IOException saying what is wrong
   */
  static void check(Path directory) throws IOException {
    if (Files.isSymbolicLink(directory)) {
      throw new IOException(directory + " is a symbolic link; a directory is expected");
    }
    Integer user = uid(THIS_PROCESS);
    Integer owner = uid(directory);
    if (user != null && owner != null) {
      checkOwner(directory, user, owner);
    }
  }

  /** As {@link #check}, for a user and an owner. */
  static void checkOwner(Path directory, int user, int owner) throws IOException {
    if (owner != user && owner != ROOT && user != ROOT) {
      throw new IOException(
          directory
              + " belongs to the user with id "
              + owner
              + "; it must belong to the one of this process, "
              + user);
    }
  }

  /** Null where there are no such ids. */
  private static @Nullable Integer uid(Path path) throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")
        || !Files.exists(path)) {
      return null;
    }
    return (Integer) Files.getAttribute(path, UID);
  }
}
