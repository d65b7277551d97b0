package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a directory may be trusted with events: whoever owns it can change what is delivered, and
 * a symbolic link could lead the journal's files anywhere.
 */
final class SlotDirectory {
  private static final String UID = "unix:uid";
  private static final String MODE = "unix:mode";
  private static final int WRITABLE_BY_ALL = 0002;
  private static final int STICKY = 01000;
  private static final int PERMISSIONS = 07777;
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

  /**
   * Checks the directory of all slots. It may be a symbolic link, since deployments have that, if
   * it leads to a directory that {@link #check} takes; and it may not be one in which everybody can
   * put another slot in the place of ours, as he can without the sticky bit. That a group may write
   * is left to who runs the machine: volumes of Kubernetes and private groups of users have that.
   *
   * @throws IOException saying what is wrong
   */
  static void checkRoot(Path root) throws IOException {
    Path directory = root.toRealPath();
    check(directory);
    if (hasUnixAttributes(directory)) {
      checkMode(directory, (Integer) Files.getAttribute(directory, MODE));
    }
  }

  /** As {@link #checkRoot}, for the bits of a mode. */
  static void checkMode(Path directory, int mode) throws IOException {
    if ((mode & WRITABLE_BY_ALL) != 0 && (mode & STICKY) == 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s may be written by everybody (mode %o), who could put events there or take them"
                  + " away; expected is a directory that others cannot write to (chmod o-w), such"
                  + " as a new one below it",
              directory,
              mode & PERMISSIONS));
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
    return hasUnixAttributes(path) ? (Integer) Files.getAttribute(path, UID) : null;
  }

  private static boolean hasUnixAttributes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.exists(path);
  }
}
