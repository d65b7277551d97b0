package io.billingsdk.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Whose a file or a directory is. Its owner can change what is in it, and a symbolic link could
 * lead anywhere. Looked at on Linux only.
 */
public final class Ownership {
  private static final String UID = "unix:uid";
  private static final int ROOT = 0;

  /** A link to a directory that belongs to the user of this process. */
  private static final Path THIS_PROCESS = Path.of("/proc/self");

  private Ownership() {}

  /**
   * Refuses what is a symbolic link or belongs to another user. Root may use anybody's, and
   * everybody that of root. A missing path is nobody's.
   *
   * @param expected in the message: the kind that is expected in place of a link
   * @throws IOException saying what is wrong
   */
  public static void check(Path path, String expected) throws IOException {
    if (Files.isSymbolicLink(path)) {
      throw new IOException(path + " is a symbolic link; " + expected + " is expected");
    }
    boolean known = path.getFileSystem().supportedFileAttributeViews().contains("unix");
    if (known && Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Files.exists(THIS_PROCESS)) {
      int user = (Integer) Files.getAttribute(THIS_PROCESS, UID);
      int owner = (Integer) Files.getAttribute(path, UID, LinkOption.NOFOLLOW_LINKS);
      check(path, user, owner);
    }
  }

  /** As {@link #check(Path, String)}, for a user and an owner. */
  static void check(Path path, int user, int owner) throws IOException {
    if (owner != user && owner != ROOT && user != ROOT) {
      throw new IOException(
          path
              + " belongs to the user with id "
              + owner
              + "; it must belong to the one of this process, "
              + user);
    }
  }
}
