package io.billingsdk.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Directories for stores, on the disk that is measured. */
public final class BenchmarkDirectory {
  /** The system property that names where to make them. */
  static final String PROPERTY = "benchmarks.directory";

  private BenchmarkDirectory() {}

  /** Makes a new one. */
  public static Path make() {
    Path parent = Path.of(System.getProperty(PROPERTY, "target")).toAbsolutePath();
    try {
      Files.createDirectories(parent);
      return Files.createTempDirectory(parent, "benchmark-");
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot make a directory in " + parent, failed);
    }
  }

  /** Deletes it with all that is in it. */
  public static void delete(Path directory) {
    try {
      Files.walkFileTree(directory, new Deletion());
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot delete " + directory, failed);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path directory, @org.jspecify.annotations.Nullable IOException failed) throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
