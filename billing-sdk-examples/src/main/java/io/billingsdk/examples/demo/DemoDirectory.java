package io.billingsdk.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of one run: certificates and the log. It goes when the run ends. */
final class DemoDirectory implements AutoCloseable {
  private final Path path;

  private DemoDirectory(Path path) {
    this.path = path;
  }

  /** Makes one that only its owner can read: the gateway's private key lies in it. */
  static DemoDirectory create() throws IOException {
    return new DemoDirectory(
        Files.createTempDirectory("billing-demo-" + ProcessHandle.current().pid() + "-"));
  }

  Path path() {
    return path;
  }

  Path log() {
    return path.resolve("demo.log");
  }

  /** Saves the log from {@link #close}; for runs that went wrong. */
  Path keepLog() throws IOException {
    Path kept = Files.createTempFile("billing-demo-", ".log");
    if (Files.exists(log())) {
      Files.copy(log(), kept, StandardCopyOption.REPLACE_EXISTING);
    }
    return kept;
  }

  @Override
  public void close() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      // Deepest first: a directory can only be deleted when it is empty.
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failed) {
      Log.LOG.warn("cannot delete {}", path, failed);
    }
  }

  /** Apart: the log is set up after the directory is made, since it lies in it. */
  private static final class Log {
    private static final Logger LOG = LoggerFactory.getLogger(DemoDirectory.class);
  }
}
