package io.billingsdk.peers;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A process with a main class of this module, and what it says. It ends with this JVM. For one
 * thread, except {@link #kill9}.
 */
final class Jvm implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** As long as a cluster usually waits for a service that it ends. */
  private static final long GRACE_SECONDS = 30;

  private static final String ENDED = "\u0000ended";

  private final Process process;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Thread reader;
  private final Predicate<String> isHandled;

  private Jvm(Process process, Predicate<String> isHandled) {
    this.process = process;
    this.isHandled = isHandled;
    this.reader = new Thread(this::read, "reads-a-process");
  }

  /**
   * Starts one.
   *
   * @param log of its standard error
   * @param withoutJars jars that are not on its class path: their names begin so
   * @param isHandled takes lines that nobody waits for; on a thread of its own
   */
  static Jvm start(
      Path log,
      Class<?> main,
      String withoutJars,
      Predicate<String> isHandled,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(requireNonNull(System.getProperty("java.home")), "bin", "java").toString());
    command.addAll(
        List.of("-Xms64m", "-Xmx1g", "-XX:-UsePerfData", "-Dsun.net.httpserver.nodelay=true"));
    command.addAll(List.of("-cp", classPath(withoutJars), main.getName()));
    command.addAll(arguments);
    Files.createDirectories(requireNonNull(log.getParent()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Jvm jvm = new Jvm(process, isHandled);
    jvm.reader.setDaemon(true);
    jvm.reader.start();
    return jvm;
  }

  private static String classPath(String withoutJars) {
    return Arrays.stream(
            requireNonNull(System.getProperty("java.class.path")).split(File.pathSeparator, -1))
        .filter(
            entry ->
                entry.isEmpty()
                    || !requireNonNull(Path.of(entry).getFileName())
                        .toString()
                        .startsWith(withoutJars))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void read() {
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (!isHandled.test(line)) {
          lines.add(line);
        }
      }
    } catch (IOException killed) {
      // What it had said is read.
    }
    lines.add(ENDED);
  }

  /** The next line that begins so. */
  String await(String beginning) {
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null || line.equals(ENDED)) {
          throw new IllegalStateException("a process did not say " + beginning);
        }
        if (line.startsWith(beginning)) {
          return line;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  /** Gives it an order, and waits for the answer. */
  String ask(String order, String beginning) {
    try {
      process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException gone) {
      throw new UncheckedIOException("a process does not listen", gone);
    }
    return await(beginning);
  }

  /** SIGKILL; returns when all that it had said is read. */
  void kill9() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join();
  }

  /**
   * Waits until it ends by itself, and kills it when it takes longer than a cluster waits.
   *
   * @return whether it ended by itself
   */
  boolean ends() throws InterruptedException {
    boolean ended = process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
    kill9();
    return ended;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
