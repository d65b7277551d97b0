package io.billingsdk.server.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a program of PostgreSQL is started: in an environment whose every variable is named here, so
 * that none of the caller's (locale, zone, {@code PG…}, temporary directory, library path) decides
 * anything; in a session of its own, so that Ctrl-C reaches the server alone; and, since PostgreSQL
 * refuses to run as root, for root in a user namespace, where it is nobody.
 */
final class Launch {
  private static final List<String> DIRECTORIES =
      List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");

  private static final Map<String, String> ENVIRONMENT =
      Map.of("LC_ALL", "C", "TZ", "UTC", "PATH", "/usr/bin:/bin");

  private static final String NAMESPACE = "unshare";
  private static final long PATIENCE_SECONDS = 10;

  private final Path binaries;
  private final Map<String, String> environment;

  /** Of programs that were unpacked. */
  Launch(Path binaries) {
    this(binaries, ENVIRONMENT);
  }

  private Launch(Path binaries, Map<String, String> environment) {
    this.binaries = binaries;
    this.environment = environment;
  }

  /** The same with one variable more. */
  Launch with(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Launch(binaries, more);
  }

  /** Waits for the end of one. */
  static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException interrupted) {
      var unused = process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL was made ready", interrupted);
    }
  }

  /** A process to be started, once its input and output are set. */
  ProcessBuilder of(String program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of(tool(NAMESPACE).orElse(NAMESPACE), "-U"));
    }
    // Each of these becomes the next without a fork: the process that Java knows is PostgreSQL.
    tool("setsid").ifPresent(command::add);
    command.add(binaries.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().clear();
    process.environment().putAll(environment);
    process.redirectErrorStream(true);
    return process;
  }

  /** Whether this process is root's. */
  static boolean isRoot() {
    try {
      Path self = Path.of("/proc/self");
      return Files.exists(self)
          ? Files.getAttribute(self, "unix:uid").equals(0)
          : "root".equals(OsUser.name());
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  /** Whether root can start something that is not root here; some containers forbid it. */
  static boolean canBecomeNobody() {
    Optional<String> unshare = tool(NAMESPACE);
    if (unshare.isEmpty()) {
      return false;
    }
    try {
      Process tried =
          new ProcessBuilder(unshare.get(), "-U", tool("true").orElse("true"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return tried.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && tried.exitValue() == 0;
    } catch (IOException cannot) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Optional<String> tool(String name) {
    return DIRECTORIES.stream()
        .map(each -> Path.of(each, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
