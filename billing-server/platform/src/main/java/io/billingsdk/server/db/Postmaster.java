package io.billingsdk.server.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL that works: a process on 127.0.0.1, with no other socket. One that dies while it
 * starts is seen at once, and its reason is in what is thrown. For one thread.
 */
final class Postmaster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

  private static final String HOST = "127.0.0.1";
  private static final long LOOK_MILLIS = 20;
  private static final int ATTEMPTS = 5;
  private static final long ENDING_MILLIS = 2_000;

  /** After a crash it replays its log first, which may take long and must not be cut short. */
  private static final long START_MINUTES = 60;

  private static final long NOTE_SECONDS = 10;

  /** Over whatever the files of the cluster say. */
  private static final Map<String, String> SETTINGS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("listen_addresses", HOST),
              Map.entry("unix_socket_directories", ""),
              Map.entry("max_connections", "50"),
              Map.entry("fsync", "on"),
              Map.entry("full_page_writes", "on"),
              Map.entry("synchronous_commit", "on"),
              Map.entry("password_encryption", "scram-sha-256"),
              // Each new connection would compute thousands of rounds.
              Map.entry("scram_iterations", Cluster.SCRAM_ITERATIONS),
              Map.entry("logging_collector", "off"),
              Map.entry("log_destination", "stderr"),
              Map.entry("log_file_mode", "0600"),
              Map.entry("lc_messages", "C"),
              Map.entry("lc_monetary", "C"),
              Map.entry("lc_numeric", "C"),
              Map.entry("lc_time", "C"),
              Map.entry("timezone", "UTC"),
              Map.entry("log_timezone", "UTC")));

  private final Process process;
  private final int port;

  private Postmaster(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one; returns when it takes connections.
   *
   * @param port 0 for any free one
   * @param logFile to which it writes
   * @throws IOException with its own words when it ends instead
   */
  static Postmaster start(Launch launch, Path data, int port, Path logFile) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return startOnce(launch, data, port == 0 ? freePort() : port, logFile);
      } catch (Ended ended) {
        // Somebody took the free port in between; or sessions of one that was killed are ending.
        boolean again = (port == 0 && ended.portInUse) || ended.stillEnding;
        if (!again || attempt == ATTEMPTS) {
          throw ended;
        }
      }
    }
  }

  private static Postmaster startOnce(Launch launch, Path data, int port, Path logFile)
      throws IOException {
    OwnerOnlyFiles.touch(logFile);
    long from = Files.size(logFile);
    ProcessBuilder builder = launch.of("postgres", arguments(data, port));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
    Process process = builder.start();
    process.getOutputStream().close();
    Postmaster started = new Postmaster(process, port);
    try {
      if (started.isReady(data)) {
        return started;
      }
    } catch (IOException | RuntimeException failed) {
      started.close();
      throw failed;
    }
    String words = LastWords.in(logFile, from);
    if (LastWords.isStillEnding(words)) {
      started.pause(ENDING_MILLIS);
    }
    throw new Ended(words);
  }

  private static List<String> arguments(Path data, int port) {
    List<String> arguments =
        new ArrayList<>(List.of("-D", data.toString(), "-p", Integer.toString(port)));
    SETTINGS.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
    arguments.addAll(List.of("-c", "hba_file=" + data.resolve("pg_hba.conf")));
    return arguments;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /** Waits until it has ended, and returns with what. */
  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  /** Whether it has become ready; not, when it has ended. */
  private boolean isReady(Path data) throws IOException {
    long begun = System.nanoTime();
    long noted = begun;
    while (!pause(LOOK_MILLIS)) {
      Optional<PidFile> file = PidFile.in(data);
      if (file.isPresent() && file.get().pid() == process.pid() && file.get().isReady()) {
        return true;
      }
      long now = System.nanoTime();
      if (now - begun > TimeUnit.MINUTES.toNanos(START_MINUTES)) {
        throw new IOException("it is not ready after " + START_MINUTES + " minutes");
      }
      if (now - noted > TimeUnit.SECONDS.toNanos(NOTE_SECONDS)) {
        noted = now;
        log.info("PostgreSQL is starting; after a crash it replays its log first");
      }
    }
    return false;
  }

  /** Waits a moment; whether the process has ended. */
  private boolean pause(long millis) throws IOException {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it started", interrupted);
    }
  }

  /** Stops it: sessions are ended, what was committed is on the disk. */
  @Override
  public void close() throws IOException {
    if (process.isAlive()) {
      Signals.end(process.toHandle());
    }
  }

  /** It has ended instead of becoming ready. */
  private static final class Ended extends IOException {
    private static final long serialVersionUID = 1L;

    final boolean portInUse;
    final boolean stillEnding;

    Ended(String words) {
      super(words.isEmpty() ? "it ended without a message" : words);
      this.portInUse = LastWords.isPortInUse(words);
      this.stillEnding = LastWords.isStillEnding(words);
    }
  }
}
