package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.files.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a directory may be trusted with events: its owner can change what is delivered, and a
 * symbolic link could lead the journal's files anywhere.
 */
final class SlotDirectory {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);
  private static final String MODE = "unix:mode";
  private static final int WRITABLE_BY_ALL = 0002;
  private static final int STICKY = 01000;
  private static final int PERMISSIONS = 07777;

  private SlotDirectory() {}

  /**
   * Refuses a symbolic link, and a directory of another user.
   *
   * @throws IOException saying what is wrong
   */
  static void check(Path directory) throws IOException {
    Ownership.check(directory, "a directory");
  }

  /**
   * Checks the directory of all slots. It may be a symbolic link, since deployments have that, if
   * it leads to a directory that {@link #check} takes. A directory that everybody may write to is
   * reported and not refused, since volumes of containers are often so: a file that others put in
   * the place of ours is refused by its owner, and nobody can look into our files.
   *
   * @throws IOException saying what is wrong
   */
  static void checkRoot(Path root) throws IOException {
    Path directory = root.toRealPath();
    check(directory);
    if (directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      int mode = (Integer) Files.getAttribute(directory, MODE);
      if (isOpenToAll(mode)) {
        log.warn(
            "every user can write to {} (mode {}), and could remove events; use a directory that"
                + " others cannot write to (chmod o-w)",
            directory,
            String.format(Locale.ROOT, "%o", mode & PERMISSIONS));
      }
    }
  }

  /** Whether everybody may put something in the place of what is there. */
  static boolean isOpenToAll(int mode) {
    return (mode & WRITABLE_BY_ALL) != 0 && (mode & STICKY) == 0;
  }
}
