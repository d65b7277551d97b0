package io.billingsdk.server.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Copies that only their owner can read, and that are on the disk when they are made. */
public final class PrivateCopies {
  private PrivateCopies() {}

  /** Makes a directory, and those above it. */
  public static void makeDirectory(Path directory) throws IOException {
    Files.createDirectories(directory);
    restrict(directory, "rwx------");
  }

  /**
   * Copies a file, whose directory exists.
   *
   * @return its bytes
   */
  public static long copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    restrict(to, "rw-------");
    try (FileChannel file = FileChannel.open(to, StandardOpenOption.WRITE)) {
      file.force(true);
      return file.size();
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

  private static void restrict(Path path, String mode) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
  }
}
