package io.billingsdk.server;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.backup.Backups;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.broker.ServerCertificate;
import io.billingsdk.server.broker.SubscribedUsage;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.server.collect.Collecting;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.database.DatabaseAddress;
import io.billingsdk.server.database.EmbeddedDatabase;
import io.billingsdk.server.database.LoginChecks;
import io.billingsdk.server.database.Migrations;
import io.billingsdk.server.database.OneLine;
import io.billingsdk.server.database.PrivateCopies;
import io.billingsdk.server.database.PrivateTree;
import io.billingsdk.server.database.Secrets;
import io.billingsdk.server.database.StartupChecks;
import io.billingsdk.server.database.WriteProbe;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.ledger.LedgerId;
import io.billingsdk.server.tail.LiveTail;
import io.billingsdk.server.web.HttpApi;
import io.billingsdk.server.web.HttpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The billing server: database, broker, collector, keys, HTTP API.
 *
 * <p>{@link #start()} returns when all of it is there, or throws a {@link ServerException} and
 * leaves nothing running. {@link #close()} ends it in the opposite order: what was taken in is
 * finished, receipted and acknowledged first. For one thread.
 */
public final class BillingServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BillingServer.class);

  private static final String LOCAL = "127.0.0.1";
  private static final long ADMIT_SECONDS = 1;

  private final ServerSettings settings;

  private final Counts counts = new Counts();

  /** What was started, the last first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private @Nullable Collecting collecting;
  private @Nullable Switchboard switchboard;
  private @Nullable BrokerAddress broker;
  private @Nullable DatabaseAddress login;
  private @Nullable EmbeddedDatabase ownDatabase;
  private @Nullable HttpApi http;
  private @Nullable Database requests;
  private @Nullable String firstToken;
  private volatile boolean stopping;

  /** Why it cannot go on. */
  private final CompletableFuture<String> failure = new CompletableFuture<>();

  /** A server to be started. */
  public BillingServer(ServerSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts everything.
   *
   * @throws ServerException when something cannot be started, or {@link #stopStarting()} was called
   */
  public void start() {
    try {
      started(InstanceLock.of(settings.dataDirectory()));
      closeToOthers();
      requirePorts();
      Database database = startDatabase();
      Secrets secrets = new Secrets(settings.dataDirectory().resolve("secrets"));
      Broker at = broker(secrets);
      followRestore(database);
      LiveTail tail = new LiveTail(database);
      Collecting intake = new Collecting(database, at.usage(), settings.prefix(), tail);
      Switchboard keys =
          new Switchboard(
              database,
              new KeyVault(secrets),
              at.dial(),
              settings.prefix(),
              ledger(database),
              intake.counts().strangers(),
              counts);
      started(keys).start();
      switchboard = keys;
      started(tail).start();
      started(intake).start();
      collecting = intake;
      // Only now: whoever publishes before all of it is taken in would be turned away.
      broker = at.listen().get();
      startHttp(
          new HttpApi.Parts(
              new KeyVault(secrets),
              this::isUp,
              intake.intake(),
              tail,
              intake.counts(),
              started(WriteProbe.of(Objects.requireNonNull(login))),
              this::databaseRestarts,
              counts,
              Map.of("server", database)));
      // Last, so that nothing that fails afterwards takes it along.
      makeFirstToken();
      closeToOthers();
    } catch (RuntimeException | Error failed) {
      closeAfter(failed);
      throw failed;
    }
  }

  /** Makes a start that is under way fail at its next step. For any thread. */
  public void stopStarting() {
    stopping = true;
  }

  /**
   * Waits until it cannot go on, and returns why, in one line: its own PostgreSQL has ended and
   * does not start. It is to be closed then.
   */
  public String awaitFailure() throws InterruptedException {
    try {
      return failure.get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private long databaseRestarts() {
    EmbeddedDatabase own = ownDatabase;
    return own == null ? 0 : own.restarts();
  }

  private void closeAfter(Throwable failed) {
    try {
      close();
    } catch (RuntimeException notClean) {
      failed.addSuppressed(notClean);
    }
  }

  private void requirePorts() {
    if (settings.database() == null) {
      endLeftBehind();
      Ports.requireFree(LOCAL, settings.databasePort(), "--postgresql-port");
    }
    if (settings.broker() == null) {
      Ports.requireFree(LOCAL, settings.brokerPort(), "--mqtt-port");
    }
    Ports.requireFree(settings.http().host(), settings.http().port(), "--http-port");
  }

  /** One that a killed server left running has the port that is looked at. */
  private void endLeftBehind() {
    Path directory = databaseDirectory(settings.dataDirectory());
    try {
      EmbeddedDatabase.endLeftBehind(directory);
    } catch (IOException failed) {
      throw new ServerException(
          "the PostgreSQL of an earlier run in " + directory + " stays: " + OneLine.of(failed),
          failed);
    }
  }

  /** The database looks after its own directory. */
  private void closeToOthers() {
    Path directory = settings.dataDirectory();
    try {
      PrivateTree.settle(directory, String.valueOf(databaseDirectory(directory).getFileName()));
    } catch (IOException failed) {
      throw new ServerException(
          "the data directory cannot be closed to other users: " + OneLine.of(failed), failed);
    }
  }

  private void makeFirstToken() {
    Operators operators = new Operators(Objects.requireNonNull(requests), new Actor("server"));
    try {
      firstToken = new FirstToken(settings.dataDirectory()).of(operators).orElse(null);
    } catch (SQLException failed) {
      throw new ServerException("the first operator cannot be made: " + OneLine.of(failed), failed);
    }
  }

  private static UUID ledger(Database database) {
    try {
      return new LedgerId(database, new Actor("server")).current();
    } catch (SQLException failed) {
      throw new ServerException("the ledger's id cannot be read: " + failed.getMessage(), failed);
    }
  }

  /**
   * Else services would not believe keys whose versions have gone back, nor know that what they had
   * a receipt for may be missing.
   */
  private void followRestore(Database database) {
    Path mark = settings.dataDirectory().resolve(Backups.RESTORED);
    if (!Files.exists(mark)) {
      return;
    }
    try {
      long version = new KeyVersions(database, new Actor("server")).raise();
      UUID ledger = new LedgerId(database, new Actor("server")).renew();
      Files.delete(mark);
      log.info(
          "restored from a backup: the key table has version {}, the ledger id is {} now",
          version,
          ledger);
    } catch (SQLException | IOException failed) {
      throw new ServerException(
          "the restored keys and ledger cannot be announced: " + failed.getMessage(), failed);
    }
  }

  /** Whether it is connected and takes usage in. */
  public boolean isUp() {
    return collecting != null && collecting.isUp() && switchboard != null && switchboard.isUp();
  }

  /** Where the broker is. */
  public BrokerAddress broker() {
    if (broker == null) {
      throw new IllegalStateException("the server is not started");
    }
    return broker;
  }

  /** The port of the HTTP API. */
  public int httpPort() {
    if (http == null) {
      throw new IllegalStateException("the server is not started");
    }
    return http.port();
  }

  /**
   * The token of the first operator, as long as nobody has shown it: the database has a hash of it
   * alone, and {@link #firstTokenShown()} deletes the file that keeps it.
   */
  public Optional<String> firstToken() {
    return Optional.ofNullable(firstToken);
  }

  /** The token has been shown: no later start shows it again. */
  public void firstTokenShown() {
    firstToken = null;
    new FirstToken(settings.dataDirectory()).shown();
  }

  /** The directory of our own database under a data directory. */
  public static Path databaseDirectory(Path dataDirectory) {
    return dataDirectory.resolve("postgresql");
  }

  /**
   * Our own database of the server that runs in a data directory.
   *
   * @throws ServerException when none runs there
   */
  public static DatabaseAddress runningDatabase(Path dataDirectory) {
    Path directory = databaseDirectory(dataDirectory);
    if (!Files.exists(EmbeddedDatabase.portFile(directory))) {
      throw new ServerException(
          "there is no server in " + dataDirectory + "; start one with: ./billing serve");
    }
    return EmbeddedDatabase.runningServer(directory);
  }

  /**
   * The port of the HTTP API of the server that runs in a data directory, or ran there last; empty
   * when none ever did.
   *
   * @throws ServerException when it cannot be read
   */
  public static OptionalInt httpPortIn(Path dataDirectory) {
    return portIn(httpPortFile(dataDirectory));
  }

  /**
   * The port of the own broker of the server that runs in a data directory, or ran there last;
   * empty when none ever did, or the last one had a broker elsewhere.
   *
   * @throws ServerException when it cannot be read
   */
  public static OptionalInt brokerPortIn(Path dataDirectory) {
    return portIn(brokerPortFile(dataDirectory));
  }

  private static OptionalInt portIn(Path file) {
    try {
      return Files.exists(file)
          ? OptionalInt.of(Integer.parseInt(Files.readString(file).trim()))
          : OptionalInt.empty();
    } catch (IOException | NumberFormatException failed) {
      throw new ServerException("cannot read " + file, failed);
    }
  }

  private static Path httpPortFile(Path dataDirectory) {
    return dataDirectory.resolve("http-port");
  }

  private static Path brokerPortFile(Path dataDirectory) {
    return dataDirectory.resolve("mqtt-port");
  }

  /** The directory of our own broker under a data directory. */
  public static Path brokerDirectory(Path dataDirectory) {
    return dataDirectory.resolve("broker");
  }

  @Override
  public void close() {
    RuntimeException first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failed) {
        // The others are to be ended all the same.
        first =
            first == null ? new ServerException("the server did not stop cleanly", failed) : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private Database startDatabase() {
    DatabaseAddress server = settings.database();
    DatabaseAddress owner = settings.owner();
    if (server == null) {
      EmbeddedDatabase own =
          new EmbeddedDatabase(
              databaseDirectory(settings.dataDirectory()), settings.databasePort());
      own.onGivenUp(why -> failure.complete(why));
      started(own).start();
      ownDatabase = own;
      server = own.server();
      owner = own.owner();
      writePort(EmbeddedDatabase.portFile(databaseDirectory(settings.dataDirectory())), own.port());
    }
    if (owner == null) {
      log.warn(
          "the database login {} owns the ledger, which it could delete; --database-owner keeps the"
              + " two apart",
          server.user());
      Migrations.run(server);
    } else {
      Migrations.run(owner);
      LoginChecks.run(server);
    }
    login = server;
    Database database = started(Database.at(server));
    StartupChecks.run(database);
    return database;
  }

  private void startHttp(HttpApi.Parts parts) {
    Database asked = started(Database.forRequests(Objects.requireNonNull(login)));
    requests = asked;
    HttpSettings where = settings.http();
    Path keyStore = where.keyStore();
    String password = where.keyStorePassword();
    if (keyStore == null) {
      ServerCertificate own = ServerCertificate.in(brokerDirectory(settings.dataDirectory()));
      keyStore = own.keyStore();
      password = own.keyStorePassword();
    }
    HttpApi api = new HttpApi(where, asked, parts, keyStore, password);
    started(api).start();
    http = api;
    writePort(httpPortFile(settings.dataDirectory()), api.port());
  }

  /**
   * The server's ends of a broker.
   *
   * @param listen to be called when both ends are there
   */
  private record Broker(Switchboard.Dial dial, UsageSource usage, Supplier<BrokerAddress> listen) {}

  private Broker broker(Secrets secrets) {
    BrokerAddress elsewhere = settings.broker();
    String prefix = settings.prefix();
    if (elsewhere != null) {
      forget(brokerPortFile(settings.dataDirectory()));
      OwnBroker.forgetRun(brokerDirectory(settings.dataDirectory()));
      String id = "collector-" + secrets.of("collector-id").substring(0, 8);
      return new Broker(
          Switchboard.at(elsewhere, id, prefix),
          new SubscribedUsage(elsewhere, id, prefix),
          () -> elsewhere);
    }
    // Ended after its ends, although it is started after them.
    OwnBroker own =
        started(
            new OwnBroker(
                brokerDirectory(settings.dataDirectory()), prefix, settings.brokerPort(), counts));
    return new Broker(own::control, own.usage(), () -> start(own));
  }

  private BrokerAddress start(OwnBroker own) {
    own.start();
    writePort(brokerPortFile(settings.dataDirectory()), own.address().port());
    ScheduledExecutorService admission =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "billing-admission");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        admission.scheduleWithFixedDelay(
            own::admitInstances, ADMIT_SECONDS, ADMIT_SECONDS, TimeUnit.SECONDS);
    started(admission::shutdownNow);
    return own.address();
  }

  /** For the commands, which work beside a running server. */
  private static void writePort(Path file, int port) {
    try {
      PrivateCopies.write(file, Integer.toString(port));
    } catch (IOException failed) {
      throw new ServerException(
          "the data directory cannot be written: " + OneLine.of(failed), failed);
    }
  }

  /** A command would else ask a port on which nothing of ours listens any more. */
  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new ServerException("the data directory cannot be written", failed);
    }
  }

  private <T extends AutoCloseable> T started(T part) {
    parts.push(part);
    if (stopping) {
      throw new ServerException("stopped while it started");
    }
    return part;
  }
}
