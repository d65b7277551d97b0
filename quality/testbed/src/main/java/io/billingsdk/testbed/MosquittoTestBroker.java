package io.billingsdk.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TestBroker} that is a real Mosquitto process of the operating system's package: it can
 * be killed and paused, and it is another implementation than the embedded one.
 *
 * <p>Unlike the embedded one, it grants a subscription without a topic rule and delivers nothing to
 * it, and it leaves a client connected whose publish it refuses. It keeps nothing on disk. Ask
 * {@link #whyNotInstalled()} first. The process ends with this JVM.
 */
public final class MosquittoTestBroker implements TestBroker {

  private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");
  private static final long START_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int POLL_MILLIS = 20;

  private final MosquittoFiles files;
  private final List<String> extraLines;

  // Guarded by this object's monitor, which every method takes.
  private int port;
  private @Nullable Process process;

  private MosquittoTestBroker(MosquittoFiles files, List<String> extraLines) {
    this.files = files;
    this.extraLines = extraLines;
  }

  /** Why this broker cannot run here, or nothing when it can. */
  public static Optional<String> whyNotInstalled() {
    for (Path needed : List.of(PROGRAM, MosquittoFiles.PASSWORD_TOOL)) {
      if (!Files.isExecutable(needed)) {
        return Optional.of(needed + " is not installed");
      }
    }
    return Optional.empty();
  }

  /**
   * A broker whose files and log are in this directory.
   *
   * @param extraLines lines for its configuration, for example {@code max_queued_messages 10}; each
   *     replaces the line that begins with the same word
   */
  public static MosquittoTestBroker in(Path directory, String... extraLines) {
    return new MosquittoTestBroker(
        new MosquittoFiles(directory.toAbsolutePath()), List.of(extraLines));
  }

  @Override
  public synchronized void start() {
    if (process != null) {
      throw new IllegalStateException("mosquitto is already started, on port " + port);
    }
    try {
      if (port == 0) {
        port = FreePort.find();
        files.write(port, extraLines);
      }
      Process started = launch();
      process = started;
      awaitPort(started);
    } catch (IOException e) {
      kill();
      throw new UncheckedIOException("cannot start mosquitto: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while mosquitto started", e);
    }
  }

  /** Ends it with SIGTERM. */
  @Override
  public synchronized void stop() {
    if (process != null) {
      // A stopped process does not see SIGTERM before it continues.
      signal("CONT");
      process.destroy();
      awaitEnd();
    }
  }

  /** Ends it with SIGKILL. */
  @Override
  public synchronized void kill() {
    if (process != null) {
      process.destroyForcibly();
      awaitEnd();
    }
  }

  /** Stops its clock with SIGSTOP: connections stay open and nothing answers. */
  public synchronized void pause() {
    signal("STOP");
  }

  /** Lets a paused one go on. */
  public synchronized void resume() {
    signal("CONT");
  }

  @Override
  public synchronized int port() {
    if (port == 0) {
      throw new IllegalStateException("mosquitto has no port before its first start");
    }
    return port;
  }

  @Override
  public Path caPem() {
    return files.caPem();
  }

  /** The broker's own log. */
  public Path log() {
    return files.log();
  }

  @Override
  public void close() {
    kill();
  }

  private Process launch() throws IOException {
    Process started =
        new ProcessBuilder(PROGRAM.toString(), "-c", files.configuration().toString())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    files.directory().resolve("mosquitto.out").toFile()))
            .start();
    // A test JVM that ends early would otherwise leave it behind.
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    return started;
  }

  private void awaitPort(Process started) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!accepts()) {
      if (started.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException("it ended with code " + started.exitValue() + "; see " + files.log());
      }
      if (System.nanoTime() - begun > START_TIMEOUT_NANOS) {
        throw new IOException("port " + port + " does not accept; see " + files.log());
      }
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void awaitEnd() {
    Process ending = process;
    process = null;
    if (ending == null) {
      return;
    }
    try {
      if (!ending.waitFor(10, TimeUnit.SECONDS)) {
        ending.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      ending.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void signal(String name) {
    Process target = process;
    if (target == null) {
      throw new IllegalStateException("mosquitto is not started");
    }
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(target.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot signal mosquitto", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
