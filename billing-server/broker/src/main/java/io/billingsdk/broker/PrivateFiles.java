package io.billingsdk.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/** Files and directories that only their owner can read, where the file system knows owners. */
final class PrivateFiles {

  private PrivateFiles() {}

  /**
   * Replaces {@code file} by one with mode 0600 and this content; whole or not at all, whenever the
   * process ends.
   */
  static void write(Path file, byte[] content) throws IOException {
    replace(file, content, ownerOnly(file, "rw-------"));
  }

  /**
   * Replaces {@code file} by one that others may read. Written over, it would be empty for a
   * moment, and a client that connects just then could not trust anybody.
   */
  static void writePublic(Path file, byte[] content) throws IOException {
    replace(file, content);
  }

  private static void replace(Path file, byte[] content, FileAttribute<?>... attributes)
      throws IOException {
    // Written over, an existing file would keep the mode it has, perhaps readable by all.
    Path made = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(made);
    try (FileChannel channel =
        FileChannel.open(
            made, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Makes {@code directory} with mode 0700; it must not exist yet. */
  static void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, ownerOnly(directory, "rwx------"));
  }

  /** Makes {@code directory} with mode 0700, and what is above it, where they do not exist. */
  static Path directory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path above = directory.getParent();
      if (above != null) {
        Files.createDirectories(above);
      }
      createDirectory(directory);
    }
    return directory;
  }

  /** Leaves to others no right to anything below {@code root}; {@code root} stays as it is. */
  static void restrictTree(Path root) throws IOException {
    if (ownerOnly(root, "rwx------").length == 0) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(each -> !each.equals(root)).toList()) {
        if (!Files.isSymbolicLink(path)) {
          Files.setPosixFilePermissions(
              path,
              PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
      }
    }
  }

  /** Deletes {@code root} and all that is in it; does nothing when it does not exist. */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      // Deepest first: a directory can only be deleted when it is empty.
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path, String mode) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
