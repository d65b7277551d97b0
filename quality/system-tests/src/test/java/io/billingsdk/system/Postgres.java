package io.billingsdk.system;

import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.FreePort;
import io.billingsdk.testbed.QuickDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL of the operating system's package, in a process that can be killed. Its files
 * are in memory where there is room: they outlive a killed process, and a disk that others keep
 * busy for minutes does not stop it. Ask {@link #whyNotInstalled()} first. Not thread-safe.
 */
final class Postgres implements AutoCloseable {
  private static final String USER = "postgres";
  private static final long START_SECONDS = 120;

  private final Path directory;
  private final int port;
  private @Nullable Child process;

  private Postgres(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /** Why it cannot run here, or nothing when it can. */
  static Optional<String> whyNotInstalled() {
    return programs().isPresent()
        ? Optional.empty()
        : Optional.of("/usr/lib/postgresql/*/bin is not installed");
  }

  /** A new, empty cluster, which runs. */
  static Postgres start() throws Exception {
    Path directory = QuickDirectory.create("billing-postgres");
    run(List.of("chown", USER, directory.toString()));
    run(List.of("chmod", "700", directory.toString()));
    Postgres postgres = new Postgres(directory, FreePort.find());
    run(
        asUser(
            program("initdb"),
            "-D",
            postgres.data(),
            "-U",
            USER,
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C"));
    postgres.restart();
    return postgres;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
  }

  int port() {
    return port;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  /** Starts it, and returns when it answers. */
  void restart() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      Child started = launch();
      process = started;
      Await.until(
          Duration.ofNanos(deadline - System.nanoTime()), () -> !started.isAlive() || answers());
      if (started.isAlive()) {
        return;
      }
      // After a SIGKILL its old children hold the shared memory for a moment.
      if (System.nanoTime() > deadline) {
        throw new AssertionError("PostgreSQL does not start; see " + directory);
      }
    }
  }

  /** SIGKILL of the postmaster; what it was doing is left to recovery. */
  void kill9() {
    if (process != null) {
      process.kill9();
      process = null;
    }
  }

  /** Ends it for good and deletes its files. */
  @Override
  public void close() {
    kill9();
    try {
      run(List.of("rm", "-rf", directory.toString()));
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    }
  }

  private Child launch() {
    return Child.start(
        Path.of("target", "system-logs"),
        "postgres-" + port,
        line -> {},
        asUser(
            program("postgres"),
            "-D",
            data(),
            "-p",
            Integer.toString(port),
            "-h",
            "127.0.0.1",
            "-k",
            directory.toString(),
            // Checkpoints among the kills, not only at the end.
            "-c",
            "checkpoint_timeout=30s",
            "-c",
            "max_connections=60"));
  }

  private boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(5);
    } catch (SQLException notYet) {
      return false;
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private static List<String> asUser(String... command) {
    List<String> whole = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      // It refuses to run as root. setpriv becomes the program: its pid is the postmaster's.
      whole.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
    }
    whole.addAll(List.of(command));
    return whole;
  }

  private static String program(String name) {
    return programs().orElseThrow().resolve(name).toString();
  }

  private static Optional<Path> programs() {
    Path versions = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> each = Files.list(versions)) {
      return each.map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
          .max(Path::compareTo);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(command + " failed: " + said);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(command + " was interrupted", interrupted);
    }
  }
}
