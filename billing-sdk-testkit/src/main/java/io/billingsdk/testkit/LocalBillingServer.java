package io.billingsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A billing server on this machine, for integration tests: {@code billing serve} in a process of
 * its own, with its MQTT broker over TLS and its PostgreSQL.
 *
 * <p>It takes some seconds to start, so share one among the tests of a class. Ports are free ones,
 * on 127.0.0.1. A test can kill it and start it again on the same data. Needs {@code
 * io.billingsdk:billing-cli} on the class path of the tests, or the path of {@code billing.jar};
 * and a system on which the server's own PostgreSQL runs: Linux or macOS, x86-64 or ARM64.
 *
 * <p>When the JVM of the tests ends, even by a kill, the server ends too. For one thread. {@link
 * #close} it.
 */
public final class LocalBillingServer implements AutoCloseable {
  private static final Pattern BROKER =
      Pattern.compile("billing: serving; broker .*:(\\d{1,5}), .*");
  private static final Pattern HTTP =
      Pattern.compile("billing: HTTP on https://localhost:(\\d{1,5})/.*");
  private static final Pattern TOKEN = Pattern.compile("billing: the operator .*: (\\S+)");
  private static final long STOP_SECONDS = 60;

  private final Path directory;
  private final boolean temporary;
  private final ServerProgram program;
  private final Map<String, String> passwords = new HashMap<>();
  private @Nullable Process process;
  private @Nullable ServerApi api;
  private @Nullable String token;
  private int brokerPort;
  private int httpPort;
  private boolean killed;

  LocalBillingServer(Path directory, boolean temporary, ServerProgram program) {
    this.directory = directory;
    this.temporary = temporary;
    this.program = program;
  }

  /**
   * Starts a server in a temporary directory, with the classes of the class path.
   *
   * @throws IllegalStateException when it does not start; the message says why
   */
  public static LocalBillingServer launch() {
    return builder().start();
  }

  /** A builder, for another class path, or for a directory that is kept. */
  public static LocalBillingServerBuilder builder() {
    return new LocalBillingServerBuilder();
  }

  /**
   * Settings of a service that reports to this server: address, authority, login, and a journal in
   * the server's directory. The first call with a name creates its login, which takes a second.
   *
   * @param instance the name of the service's process, its user and its client id
   */
  public BillingConfigBuilder config(String instance) {
    String password =
        passwords.computeIfAbsent(
            instance,
            name ->
                program.run(List.of("instance", "create", name, "--data-dir", data().toString())));
    return BillingConfig.builder()
        .host("localhost")
        .port(brokerPort)
        .caCertificates(caCertificates())
        .credentials(instance, password)
        .clientId(instance)
        .topicPrefix("billing")
        .journalDirectory(directory.resolve("journal-" + instance));
  }

  /** Creates an app, and a key for it. */
  public LocalKey createKey(String appId) {
    api().createApp(appId);
    return api().createKey(appId);
  }

  /** Creates another key for an existing app. */
  public LocalKey createFurtherKey(String appId) {
    return api().createKey(appId);
  }

  /** Blocks a key; the services receive it a moment later. */
  public void block(LocalKey key, String reason) {
    api().block(key.keyId(), reason);
  }

  /** Lets a blocked key in again; the services receive it a moment later. */
  public void unblock(LocalKey key) {
    api().unblock(key.keyId());
  }

  /** The usage of an app in the ledger, of the last month. */
  public LocalUsage usageOf(String appId) {
    return api().usageOf(appId);
  }

  /**
   * Waits until the ledger holds events of an app. A client's {@code flush} waits for that too.
   *
   * @param events how many at least
   * @param timeout how long at most
   * @return the usage at that time
   */
  public LocalUsage awaitUsage(String appId, long events, Duration timeout) {
    long begun = System.nanoTime();
    LocalUsage usage = usageOf(appId);
    while (usage.events() < events && System.nanoTime() - begun < timeout.toNanos()) {
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return usage;
      }
      usage = usageOf(appId);
    }
    return usage;
  }

  /** The address of the HTTP API; its certificate is signed by {@link #caCertificates}. */
  public URI httpUri() {
    return URI.create("https://localhost:" + httpPort);
  }

  /** A token for the HTTP API with all rights. */
  public String token() {
    return Objects.requireNonNull(token, "the server was not started");
  }

  /** PEM file of the authority of the broker's certificate, and of the HTTP API's. */
  public Path caCertificates() {
    return data().resolve("broker").resolve("ca.pem");
  }

  /** The log of the server. */
  public Path log() {
    return directory.resolve("server.log");
  }

  /** Kills the server and its broker with SIGKILL. {@link #start} may follow. */
  public void kill() {
    Process running = process;
    process = null;
    if (running != null) {
      killed = true;
      await(running.destroyForcibly());
    }
  }

  /** Stops the server in order. {@link #start} may follow. */
  public void stop() {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    running.destroy();
    if (!await(running)) {
      await(running.destroyForcibly());
    }
  }

  /**
   * Starts the server again, on the same data and ports; returns when it serves.
   *
   * @throws IllegalStateException when it runs, or does not start; the message says why
   */
  public void start() {
    if (process != null) {
      throw new IllegalStateException("the server runs; stop or kill it first");
    }
    // Only the first start of all on some data prints a token.
    boolean first = token == null && !Files.exists(data());
    Process started =
        program.start(
            List.of(
                "serve",
                "--data-dir",
                data().toString(),
                "--mqtt-port",
                Integer.toString(brokerPort),
                "--http-port",
                Integer.toString(httpPort)));
    process = started;
    try {
      read(started, first);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the output of the billing server cannot be read", unreadable);
    }
    killed = false;
    if (token == null) {
      token = madeToken();
    }
    api = ServerApi.of(httpUri(), token(), caCertificates());
  }

  /** Its ports, and the token when it prints one; what follows is left unread. */
  private void read(Process started, boolean withToken) throws IOException {
    // Not closed: the process would be ended by what it prints next.
    BufferedReader out = started.inputReader(UTF_8);
    boolean serving = false;
    while (!serving || (withToken && token == null)) {
      String line = out.readLine();
      if (line == null) {
        throw program.failed("the billing server did not start");
      }
      Matcher broker = BROKER.matcher(line);
      Matcher http = HTTP.matcher(line);
      Matcher shown = TOKEN.matcher(line);
      if (broker.matches()) {
        brokerPort = Integer.parseInt(broker.group(1));
      } else if (http.matches()) {
        httpPort = Integer.parseInt(http.group(1));
        serving = true;
      } else if (shown.matches()) {
        token = shown.group(1);
      }
    }
  }

  private String madeToken() {
    String line =
        program.run(
            List.of("token", "create", "--scope", "write", "--data-dir", data().toString()));
    // Its name, two blanks, the token.
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  /**
   * Stops the server and deletes its temporary directory. One that was killed is started once more,
   * since its PostgreSQL goes on without it otherwise.
   */
  @Override
  public void close() {
    try {
      if (killed) {
        start();
      }
    } finally {
      stop();
      if (temporary) {
        delete();
      }
    }
  }

  private ServerApi api() {
    return Objects.requireNonNull(api, "the server was not started");
  }

  private Path data() {
    return directory.resolve("data");
  }

  private static boolean await(Process ending) {
    try {
      return ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      ending.destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(directory)) {
      // Deepest first: a directory can only be deleted when it is empty.
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("the server's directory cannot be deleted", failed);
    }
  }
}
