package io.billingsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How commands of the billing server are run: a JVM of their own, with the server's classes from
 * {@code billing.jar} or from the class path of the tests.
 */
final class ServerProgram {
  private final @Nullable Path jar;
  private final Path errors;

  /**
   * Assigns.
   *
   * @param jar null for the class path of the tests
   * @param errors the file to which the log of all commands is added
   */
  ServerProgram(@Nullable Path jar, Path errors) {
    this.jar = jar;
    this.errors = errors;
  }

  /** Starts a command. */
  Process start(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Quick to start rather than quick in the long run; and nothing stays in /tmp after a kill.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", classPath(), LocalServerProcess.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    // Settings of the user's environment must not lead it astray.
    builder.environment().keySet().removeIf(name -> name.startsWith("BILLING_"));
    try {
      return builder.start();
    } catch (IOException failed) {
      throw new UncheckedIOException("a JVM for the billing server cannot be started", failed);
    }
  }

  /**
   * Runs a command to its end.
   *
   * @return the first line of what it printed
   * @throws IllegalStateException when it fails
   */
  String run(List<String> arguments) {
    Process process = start(arguments);
    try {
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw failed("billing " + arguments.get(0) + " failed");
      }
      return printed.lines().findFirst().orElse("");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  /** With the last line of the log, which says why. */
  IllegalStateException failed(String what) {
    String why = "";
    try {
      List<String> lines = Files.readAllLines(errors);
      why = lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
    } catch (IOException unreadable) {
      // The file is named below.
    }
    return new IllegalStateException(what + why + " (log: " + errors + ")");
  }

  private String classPath() {
    Path server = jar;
    return server == null
        ? System.getProperty("java.class.path", "")
        : server.toAbsolutePath() + File.pathSeparator + own();
  }

  /** Where this module is: its jar, or the directory of its classes. */
  private static Path own() {
    try {
      return Path.of(
          LocalServerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException("the class path of the tests cannot be read", impossible);
    }
  }
}
