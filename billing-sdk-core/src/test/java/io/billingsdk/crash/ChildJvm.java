package io.billingsdk.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A {@link JournalChild} and what it says. One that hangs is killed, and its reader told. */
final class ChildJvm implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(Long.getLong("journal.patience.minutes", 2));

  private final Process process;
  private final BufferedReader lines;
  private volatile boolean hung;

  private ChildJvm(Process process) {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
    CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .execute(
            () -> {
              if (process.isAlive()) {
                hung = true;
                process.toHandle().destroyForcibly();
              }
            });
  }

  static ChildJvm start(String... arguments) throws IOException {
    return start(List.of(), JournalChild.class, arguments);
  }

  /** Starts it under another program, such as strace. */
  static ChildJvm start(List<String> under, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(under);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(Arrays.asList(arguments));
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Its next line, or null when it has ended and there is none. */
  @Nullable String line() {
    try {
      String line = lines.readLine();
      if (line == null && hung) {
        throw new AssertionError("the child hung and was killed");
      }
      return line;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Reads until so many lines began with this; false when it ended before. */
  boolean readUntil(String start, int times, Consumer<String> each) {
    int left = times;
    while (left > 0) {
      String line = line();
      if (line == null) {
        return false;
      }
      each.accept(line);
      left -= line.startsWith(start) ? 1 : 0;
    }
    return true;
  }

  /** Reads what it has said by now. */
  void readReady(Consumer<String> each) throws IOException {
    while (lines.ready()) {
      String line = line();
      if (line != null) {
        each.accept(line);
      }
    }
  }

  /** Reads what is left, until it ends. */
  void readToEnd(Consumer<String> each) {
    for (String line = line(); line != null; line = line()) {
      each.accept(line);
    }
  }

  /** SIGTERM; what it writes can still be read, which {@link Process#destroy} would close. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** SIGKILL; what it has written can still be read. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Writes it a line. */
  void say(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Lets a child go that stays. */
  void finish() throws IOException {
    process.getOutputStream().close();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the child does not end");
    }
    return process.exitValue();
  }

  /** Lines of a log file, the last one perhaps torn. */
  static void readLog(Path log, Consumer<String> each) throws IOException {
    if (Files.exists(log)) {
      Files.readString(log, StandardCharsets.UTF_8).lines().forEach(each);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
