package io.billingsdk.examples.demo;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.db.EmbeddedDatabase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run: certificates, the server's data and the log. It goes when the run ends;
 * {@code ./billing} sets the system property {@value #BASE} to its place, and there the next run
 * deletes the directory of a run that was killed; without the property it is among the temporary
 * files.
 */
final class DemoDirectory implements AutoCloseable {
  private static final String BASE = "billing.demo.base";
  private static final String PREFIX = "billing-demo-";
  private static final Pattern RUN = Pattern.compile(PREFIX + "([0-9]{1,10})-[0-9]+");

  private final Path path;

  private DemoDirectory(Path path) {
    this.path = path;
  }

  /** Makes one that only its owner can read: the gateway's private key lies in it. */
  static DemoDirectory create() throws IOException {
    Path base = base();
    if (!System.getProperty(BASE, "").isEmpty()) {
      // Not among the temporary files of all: those of others are there too.
      deleteLeftBehind(base);
    }
    return new DemoDirectory(
        Files.createTempDirectory(base, PREFIX + ProcessHandle.current().pid() + "-"));
  }

  private static Path base() throws IOException {
    String said = System.getProperty(BASE, "");
    return said.isEmpty()
        ? Path.of(System.getProperty("java.io.tmpdir", "/tmp"))
        : Files.createDirectories(Path.of(said));
  }

  /** Those of runs that were killed. A server of such a run ends by itself; see ServerProcess. */
  private static void deleteLeftBehind(Path base) throws IOException {
    List<Path> runs;
    try (Stream<Path> all = Files.list(base)) {
      runs = all.filter(DemoDirectory::isLeftBehind).toList();
    }
    for (Path each : runs) {
      EmbeddedDatabase.endLeftBehind(BillingServer.databaseDirectory(DemoServer.dataIn(each)));
      new DemoDirectory(each).close();
    }
  }

  private static boolean isLeftBehind(Path path) {
    Path name = path.getFileName();
    Matcher run = RUN.matcher(name == null ? "" : name.toString());
    return run.matches()
        && Files.isDirectory(path)
        && ProcessHandle.of(Long.parseLong(run.group(1))).isEmpty()
        && !isUsed(DemoServer.dataIn(path).resolve("lock"));
  }

  /** By the server of the run, which is about to end. */
  private static boolean isUsed(Path lock) {
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free == null;
    } catch (IOException unknown) {
      // Of somebody else, perhaps: it is not ours to delete.
      return true;
    }
  }

  Path path() {
    return path;
  }

  Path log() {
    return path.resolve("demo.log");
  }

  /** Saves the log from {@link #close}; for runs that went wrong. */
  Path keepLog() throws IOException {
    Path kept = Files.createTempFile(base(), PREFIX, ".log");
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
