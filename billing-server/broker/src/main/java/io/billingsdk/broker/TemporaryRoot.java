package io.billingsdk.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory among the temporary files, for a broker that was given none. It holds a key store
 * while the broker runs, and a process that is killed leaves it behind; so each new one takes those
 * away that no process holds. A lock says which are held: the number of a process may be another's
 * later, and is another's in another container.
 */
final class TemporaryRoot implements AutoCloseable {
  static final String PREFIX = "billing-broker-run-";
  static final String LOCK = "lock";

  /** One that has no lock yet is being made. */
  private static final Duration MAKING = Duration.ofMinutes(1);

  private final Path path;
  private final FileChannel held;

  private TemporaryRoot(Path path, FileChannel held) {
    this.path = path;
    this.held = held;
  }

  /** Makes one in a directory, and takes away those that are left behind there. */
  static TemporaryRoot in(Path base) throws IOException {
    Path made = Files.createTempDirectory(base, own());
    FileChannel channel =
        FileChannel.open(
            made.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      throw new IOException(made + " is held by another process");
    }
    deleteLeftBehind(base, Files.getOwner(made));
    return new TemporaryRoot(made, channel);
  }

  /** How the names of this process's begin. */
  private static String own() {
    return PREFIX + ProcessHandle.current().pid() + "-";
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    held.close();
    PrivateFiles.deleteTree(path);
  }

  private static void deleteLeftBehind(Path base, UserPrincipal self) throws IOException {
    List<Path> found;
    try (Stream<Path> all = Files.list(base)) {
      // Not those of this process: to open a lock of one's own and to close it gives it up.
      found =
          all.filter(each -> name(each).startsWith(PREFIX) && !name(each).startsWith(own()))
              .toList();
    }
    for (Path each : found) {
      try {
        if (isOurs(each, self) && isLeftBehind(each)) {
          PrivateFiles.deleteTree(each);
        }
      } catch (IOException goneOrNotOurs) {
        // Another start takes it away at this moment, or may do so later.
      }
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static boolean isOurs(Path directory, UserPrincipal self) throws IOException {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(self);
  }

  private static boolean isLeftBehind(Path directory) throws IOException {
    Path lock = directory.resolve(LOCK);
    if (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
      return Files.getLastModifiedTime(directory).toInstant().isBefore(Instant.now().minus(MAKING));
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (OverlappingFileLockException ownProcess) {
      return false;
    }
  }
}
