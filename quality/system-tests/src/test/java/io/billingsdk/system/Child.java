package io.billingsdk.system;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A process of the system under test, and what it says on standard output. Its standard error goes
 * to a file. Thread-safe. Whatever happens, it ends with this JVM.
 */
final class Child implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("system.patience.seconds", 240));

  /** Their passwords are random; each start would compute rounds against guessing. */
  private static final List<String> KEY_STORES_FAST =
      List.of(
          "-Dkeystore.pkcs12.macIterationCount=1",
          "-Dkeystore.pkcs12.certPbeIterationCount=1",
          "-Dkeystore.pkcs12.keyPbeIterationCount=1");

  private final String name;
  private final Path log;
  private final Process process;
  private final Thread reader;
  private final List<String> said = new ArrayList<>();

  /** Lines that {@link #awaitNext} has passed; for one thread. */
  private int read;

  private Child(String name, Path log, Process process, Consumer<String> each) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.reader = new Thread(() -> read(each), "reads-" + name);
  }

  /**
   * Starts a main class of this JVM's class path. Events are lines; each is given to a consumer.
   */
  static Child java(Path logs, String name, Class<?> main, Consumer<String> each, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-Xss512k", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Xshare:auto", "-XX:-UsePerfData", "-Duser.language=tr"));
    command.addAll(KEY_STORES_FAST);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return start(logs, name, each, command);
  }

  /** Starts any program. */
  static Child start(Path logs, String name, Consumer<String> each, List<String> command) {
    try {
      Files.createDirectories(logs);
      Path log = logs.resolve(name + ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      Child child = new Child(name, log, process, each);
      child.reader.setDaemon(true);
      child.reader.start();
      return child;
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot start " + name, failed);
    }
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. Returns when it is dead and all it had said is read. */
  void kill9() {
    process.toHandle().destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM, and SIGKILL when it takes too long, which fails the test. */
  void stop() {
    process.toHandle().destroy();
    awaitEnd();
  }

  /** Writes a line to its standard input. */
  void tell(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException gone) {
      throw new UncheckedIOException(name + " does not listen; see " + log, gone);
    }
  }

  /** Writes a line, and waits for an answer that begins like this; earlier ones do not count. */
  String ask(String question, String beginning) {
    int before;
    synchronized (said) {
      before = said.size();
    }
    tell(question);
    return await(line -> line.startsWith(beginning), beginning, PATIENCE, before);
  }

  /** Waits for the next line that begins like this, after the last that this method returned. */
  String awaitNext(String beginning) {
    int[] at = new int[1];
    String line =
        await(
            each -> {
              at[0]++;
              return each.startsWith(beginning);
            },
            beginning,
            PATIENCE,
            read);
    read += at[0];
    return line;
  }

  /** Whether it has said a line that begins like this. */
  boolean hasSaid(String beginning) {
    synchronized (said) {
      return said.stream().anyMatch(line -> line.startsWith(beginning));
    }
  }

  /** Waits for a line that begins like this and returns it; one that came already counts. */
  String await(String beginning) {
    return await(line -> line.startsWith(beginning), beginning, PATIENCE);
  }

  String await(Predicate<String> wanted, String what, Duration atMost) {
    return await(wanted, what, atMost, 0);
  }

  private String await(Predicate<String> wanted, String what, Duration atMost, int from) {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (said) {
      for (int next = from; ; ) {
        for (; next < said.size(); next++) {
          if (wanted.test(said.get(next))) {
            return said.get(next);
          }
        }
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (leftMillis <= 0 || (!process.isAlive() && !reader.isAlive())) {
          throw new AssertionError(name + " did not say " + what + "; see " + log);
        }
        waitFor(Math.min(leftMillis, 200));
      }
    }
  }

  /** Waits until it ends by itself or by a signal, and all it has said is read. */
  int awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(name + " does not end; see " + log);
      }
      reader.join(PATIENCE.toMillis());
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** Whether it ends within a time. */
  boolean endsWithin(Duration atMost) {
    try {
      return process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** SIGKILL, if it lives. */
  @Override
  public void close() {
    process.toHandle().destroyForcibly();
  }

  private void waitFor(long millis) {
    try {
      said.wait(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + name, interrupted);
    }
  }

  private void read(Consumer<String> each) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter out = Files.newBufferedWriter(log.resolveSibling(name + ".out"))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        each.accept(line);
        // Events come by the million; only other lines are waited for and kept.
        if (!History.isEvent(line)) {
          out.write(line + "\n");
          out.flush();
          synchronized (said) {
            said.add(line);
            said.notifyAll();
          }
        }
      }
    } catch (IOException ended) {
      // Killed while a line was on its way: there is no more.
    }
  }
}
