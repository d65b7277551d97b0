package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that belongs to the user of this process, with all that is in it, and that no other
 * user can read or write. Files open to others are closed; files of another user are refused, since
 * that user could open them again, or has put them there. Links are not followed.
 */
final class PrivateTree {
  private static final Logger log = LoggerFactory.getLogger(PrivateTree.class);

  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private PrivateTree() {}

  /**
   * Makes a directory when there is none, and looks at it alone.
   *
   * @throws InstallationException when it belongs to another user
   */
  static void makeRoot(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      OwnerOnlyFiles.makeDirectory(directory);
    } else if (isPosix()) {
      Path real = directory.toRealPath();
      UserPrincipal owner = Files.getOwner(real);
      if (isVolumeOfRoot(real, owner)) {
        log.info("{} belongs to root; its contents are closed to other users", real);
        return;
      }
      // Before it is closed: chmod would refuse in worse words.
      requireOurs(real, owner);
      close(real);
    }
  }

  /** A mounted volume, as containers have it: root's, and writable by the group of this process. */
  private static boolean isVolumeOfRoot(Path root, UserPrincipal owner) throws IOException {
    return !owner.equals(Us.USER)
        && owner.getName().equals("root")
        && !Files.getPosixFilePermissions(root).contains(PosixFilePermission.OTHERS_WRITE);
  }

  /**
   * Looks at a directory and all that is in it.
   *
   * @param except the name of a directory right below it that is left out
   * @throws InstallationException naming the first path that belongs to another user
   */
  static void settle(Path directory, String except) throws IOException {
    makeRoot(directory);
    if (isPosix()) {
      Path real = directory.toRealPath();
      Files.walkFileTree(real, new Closing(real, real.resolve(except)));
    }
  }

  /** The same of all that is in it. */
  static void settle(Path directory) throws IOException {
    settle(directory, Closing.LOST_AND_FOUND);
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  /** Whether something was open. */
  private static boolean close(Path path) throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> closed = new TreeSet<>(mode);
    if (!closed.removeAll(OF_OTHERS)) {
      return false;
    }
    Files.setPosixFilePermissions(path, closed);
    return true;
  }

  private static void requireOurs(Path path, UserPrincipal owner) {
    if (!owner.equals(Us.USER)) {
      throw new InstallationException(
          path
              + " belongs to the user "
              + owner.getName()
              + ", and this process runs as "
              + Us.USER.getName()
              + "; run it as "
              + owner.getName()
              + ", or give all of the data directory to "
              + Us.USER.getName()
              + " (chown -R)");
    }
  }

  /** Loaded when it is first asked for. */
  private static final class Us {
    static final UserPrincipal USER = find();

    /** By a file of ours: the name of the user alone can be set by a property. */
    private static UserPrincipal find() {
      try {
        Path self = Path.of("/proc/self");
        return Files.exists(self)
            ? Files.getOwner(self)
            : FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(OsUser.name());
      } catch (IOException unknown) {
        throw new UncheckedIOException("the user of this process is not known", unknown);
      }
    }
  }

  private static final class Closing extends SimpleFileVisitor<Path> {
    /** Of the file system, where a directory is the root of one; root's. */
    private static final String LOST_AND_FOUND = "lost+found";

    private final Path root;
    private final Path except;

    Closing(Path root, Path except) {
      this.root = root;
      this.except = except;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (directory.equals(except) || directory.endsWith(LOST_AND_FOUND)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      // The root itself has been looked at.
      if (!directory.equals(root)) {
        look(directory);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!attributes.isSymbolicLink()) {
        look(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
      if (failed instanceof NoSuchFileException || file.endsWith(LOST_AND_FOUND)) {
        return FileVisitResult.CONTINUE;
      }
      throw failed;
    }

    private static void look(Path path) throws IOException {
      try {
        requireOurs(path, Files.getOwner(path, LinkOption.NOFOLLOW_LINKS));
        if (close(path)) {
          log.debug("{} was open to other users; it is closed now", path);
        }
      } catch (NoSuchFileException deletedMeanwhile) {
        // PostgreSQL and the broker delete their own files while we look.
      }
    }
  }
}
