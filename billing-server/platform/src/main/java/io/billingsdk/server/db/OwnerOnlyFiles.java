package io.billingsdk.server.db;

import io.billingsdk.server.common.InstallationException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Files, directories and copies that only their owner can read, whatever the umask, and that are on
 * the disk when they are made.
 */
public final class OwnerOnlyFiles {
  private static final String DIRECTORY = "rwx------";
  private static final String FILE = "rw-------";

  private OwnerOnlyFiles() {}

  /** Makes a directory, and those above it; one that is there is closed to others. */
  public static void makeDirectory(Path directory) throws IOException {
    Path above = directory.toAbsolutePath().getParent();
    if (above != null && !Files.exists(above)) {
      makeDirectory(above);
    }
    try {
      Files.createDirectory(directory, mode(DIRECTORY));
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(directory)) {
        throw there;
      }
      restrict(directory, DIRECTORY);
    }
  }

  /**
   * Makes a directory when there is none, and closes the one that is there, without what is in it.
   *
   * @throws InstallationException when it belongs to another user
   */
  public static void makeRoot(Path directory) throws IOException {
    PrivateTree.makeRoot(directory);
  }

  /**
   * Closes a directory and all that is in it to other users.
   *
   * @throws InstallationException naming the first path that belongs to another user
   */
  public static void closeTree(Path directory) throws IOException {
    PrivateTree.settle(directory);
  }

  /**
   * The same.
   *
   * @param except the name of a directory right below it that is left out
   */
  public static void closeTree(Path directory, String except) throws IOException {
    PrivateTree.settle(directory, except);
  }

  /** Writes a file whole or not at all: a reader meanwhile reads the old content. */
  public static void write(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** What writes a file piece by piece. */
  @FunctionalInterface
  public interface FileContent {
    /** Writes all of it; the stream has a buffer, and stays open. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** The same of a content that need not be in memory as a whole. */
  public static void write(Path file, FileContent content) throws IOException {
    Path made = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(made);
    try (FileChannel channel = open(made, FILE, StandardOpenOption.CREATE_NEW);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
    move(made, file);
  }

  /** Makes a file that is written to later; one that is there stays as it is. */
  static void touch(Path file) throws IOException {
    open(file, FILE, StandardOpenOption.CREATE).close();
    restrict(file, FILE);
  }

  /** A new file that may be run by its owner, or not. */
  static FileChannel create(Path file, boolean executable) throws IOException {
    return open(file, executable ? DIRECTORY : FILE, StandardOpenOption.CREATE_NEW);
  }

  private static FileChannel open(Path file, String mode, StandardOpenOption how)
      throws IOException {
    return FileChannel.open(file, EnumSet.of(how, StandardOpenOption.WRITE), mode(mode));
  }

  /** Gives what is whole its name: there is nothing of that name, or all of it. */
  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException elsewhere) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
    forceDirectory(to.toAbsolutePath().resolveSibling(".").normalize());
  }

  private static void forceDirectory(Path directory) {
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    } catch (IOException notOnThisSystem) {
      // A directory that cannot be opened cannot be forced; its files have been.
    }
  }

  /** Deletes a directory and all that is in it; nothing when it is not there. Follows no links. */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  /**
   * Copies a file, whose directory exists.
   *
   * @return its bytes
   */
  public static long copy(Path from, Path to) throws IOException {
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel copy = create(to, /* executable= */ false)) {
      long size = 0;
      for (long part = 1; part > 0; size += part) {
        part = source.transferTo(size, Long.MAX_VALUE - size, copy);
      }
      Files.setLastModifiedTime(to, Files.getLastModifiedTime(from));
      copy.force(true);
      return size;
    }
  }

  /**
   * Copies a directory and all that is in it; nothing when it does not exist.
   *
   * @param copied hears of the bytes of each file
   */
  public static void copyTree(Path from, Path to, LongConsumer copied) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path copy = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          makeDirectory(copy);
        } else {
          copied.accept(copy(each, copy));
        }
      }
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] mode(String mode) {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  private static void restrict(Path path, String mode) throws IOException {
    if (isPosix()) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
  }
}
