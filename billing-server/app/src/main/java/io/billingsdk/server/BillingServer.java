package io.billingsdk.server;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.ServerCertificate;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.control.ControlChannel;
import io.billingsdk.server.control.InstanceLeases.LeasingFeature;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.EmbeddedDatabase;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.WriteProbe;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Platform;
import io.billingsdk.server.health.HealthFeature;
import io.billingsdk.server.health.HealthFeature.Signs;
import io.billingsdk.server.http.HttpApi;
import io.billingsdk.server.http.HttpApi.TlsKeyStore;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.ingest.Collector;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.jobs.Jobs;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerFeature;
import io.billingsdk.server.ledger.LedgerHooks;
import io.billingsdk.server.outbox.OutboxDelivery;
import io.billingsdk.server.tail.LiveTail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The billing server: database, broker, collector, keys, HTTP API.
 *
 * <p>{@link #start()} returns when all of it is there, or throws a {@link InstallationException}
 * and leaves nothing running. {@link #close()} ends it in the opposite order: events taken in are
 * finished, receipted and acknowledged first. For one thread.
 */
public final class BillingServer implements AutoCloseable {
  private static final String LOCAL = "127.0.0.1";

  private final ServerSettings settings;
  private final DataDirectory directory;
  private final List<Feature.Factory> more;
  private final Counts counts = new Counts();
  private final StartedParts parts = new StartedParts();

  private @Nullable Collector collector;
  private @Nullable ControlChannel controlChannel;
  private @Nullable BrokerAddress broker;
  private @Nullable HttpApi http;
  private @Nullable String firstToken;

  /** Why it cannot go on. */
  private final CompletableFuture<String> failure = new CompletableFuture<>();

  /** A server to be started. */
  public BillingServer(ServerSettings settings) {
    this(settings, List.of());
  }

  /**
   * A server to be started, with features beside its own.
   *
   * @param more made once the address of the database is known, in this order
   */
  public BillingServer(ServerSettings settings, List<Feature.Factory> more) {
    this.settings = settings;
    this.directory = new DataDirectory(settings.dataDirectory());
    this.more = List.copyOf(more);
  }

  /**
   * Starts everything.
   *
   * @throws InstallationException when something cannot be started, or {@link #stopStarting()} was
   *     called
   */
  public void start() {
    try {
      parts.add(InstanceLock.of(settings.dataDirectory()));
      directory.closeToOthers();
      requirePorts();
      ServerDatabase where = ServerDatabase.start(settings, parts, failure::complete);
      Database database = parts.add(Database.at(where.address()));
      Database requests = parts.add(Database.forRequests(where.address()));
      Notifications notifications = parts.add(new Notifications(database));
      LiveTail tail = new LiveTail(database, notifications);
      Platform platform = new Platform(database, directory.secrets());
      HealthFeature health = health(where, Map.of("server", database, "requests", requests));
      Features features =
          ServerFeatures.of(settings, platform, new Shared(tail, this::collecting, health), more);
      where.prepare(
          database, ServerSchema.with(features.migrations()), features.appendOnlyTables());
      ServerBroker at = ServerBroker.of(settings, counts, parts);
      new Restored(directory.restored()).announce(database);
      notifications.start();
      startParts(platform, at, notifications, tail, features);
      startJobs(database, notifications, features);
      broker = at.listen().get();
      startHttp(requests, features);
      // Last, so that nothing that fails afterwards takes it along.
      firstToken = FirstToken.make(settings.dataDirectory(), requests).orElse(null);
      directory.closeToOthers();
    } catch (RuntimeException | Error failed) {
      closeAfter(failed);
      throw failed;
    }
  }

  private HealthFeature health(ServerDatabase where, Map<String, Database> pools) {
    Signs signs =
        new Signs(
            this::isUp,
            () -> collecting().isStoring(Signs.STORED_WITHIN_SECONDS),
            parts.add(WriteProbe.of(where.address())),
            where::restarts);
    return new HealthFeature(signs, counts, pools);
  }

  private Collector collecting() {
    return Objects.requireNonNull(collector, "the server is not started");
  }

  private void startParts(
      Platform platform,
      ServerBroker at,
      Notifications notifications,
      LiveTail tail,
      Features features) {
    Database database = platform.database();
    Collector intake =
        new Collector(database, features.appender(), at.usage(), settings.prefix(), tail);
    collector = intake;
    ControlChannel keys =
        new ControlChannel(
            database,
            notifications,
            new KeyVault(platform.secrets()),
            at.dial(),
            settings.prefix(),
            ledger(database),
            intake.strangers(),
            LeasingFeature.of(features.all()),
            counts);
    parts.add(keys).start();
    controlChannel = keys;
    features.all().forEach(each -> parts.add(each).start());
  }

  private void startJobs(Database database, Notifications notifications, Features features) {
    OutboxDelivery outbox =
        parts.add(new OutboxDelivery(database, notifications, features.subscribers()));
    List<Job> work = new ArrayList<>(outbox.jobs());
    work.addAll(features.jobs());
    Jobs jobs = parts.add(new Jobs(database, work));
    outbox.start();
    jobs.start();
    counts.show(outbox.figures());
    counts.show(jobs.figures());
  }

  /** Makes a start that is under way fail at its next step. For any thread. */
  public void stopStarting() {
    parts.stopStarting();
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

  private void closeAfter(Throwable failed) {
    try {
      close();
    } catch (RuntimeException notClean) {
      failed.addSuppressed(notClean);
    }
  }

  private void requirePorts() {
    if (settings.database() == null) {
      ServerDatabase.endLeftBehind(directory);
      Ports.requireFree(LOCAL, settings.databasePort(), "--postgresql-port");
    }
    if (settings.broker() == null) {
      Ports.requireFree(LOCAL, settings.brokerPort(), "--mqtt-port");
    }
    Ports.requireFree(settings.http().host(), settings.http().port(), "--http-port");
  }

  private static UUID ledger(Database database) {
    try {
      return LedgerFeature.id(database);
    } catch (DatabaseException failed) {
      throw new InstallationException(
          "the ledger's id cannot be read: " + failed.getMessage(), failed);
    }
  }

  /** Whether it is connected and takes usage in. */
  public boolean isUp() {
    return collector != null && collector.isUp() && controlChannel != null && controlChannel.isUp();
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

  /**
   * The way into the ledger with the hooks of the server's own features, for commands that write to
   * it beside a server.
   *
   * @throws IllegalArgumentException when two hooks have one name
   */
  public static LedgerAppender appender(Platform platform) {
    return LedgerHooks.appender(ServerFeatures.aboveLedger(platform));
  }

  /** The directory of our own database under a data directory. */
  public static Path databaseDirectory(Path dataDirectory) {
    return new DataDirectory(dataDirectory).database();
  }

  /**
   * Our own database of the server that runs in a data directory.
   *
   * @throws InstallationException when none runs there
   */
  public static DatabaseAddress runningDatabase(Path dataDirectory) {
    Path directory = databaseDirectory(dataDirectory);
    if (!Files.exists(EmbeddedDatabase.portFile(directory))) {
      throw InstallationException.of(
          "there is no server in " + dataDirectory, "start one with: ./billing serve");
    }
    return EmbeddedDatabase.runningServer(directory);
  }

  /**
   * The port of the HTTP API of the server that runs in a data directory, or ran there last; empty
   * when none ever did.
   *
   * @throws InstallationException when it cannot be read
   */
  public static OptionalInt httpPortIn(Path dataDirectory) {
    return DataDirectory.port(new DataDirectory(dataDirectory).httpPort());
  }

  /**
   * The port of the own broker of the server that runs in a data directory, or ran there last;
   * empty when none ever did, or the last one had a broker elsewhere.
   *
   * @throws InstallationException when it cannot be read
   */
  public static OptionalInt brokerPortIn(Path dataDirectory) {
    return DataDirectory.port(new DataDirectory(dataDirectory).brokerPort());
  }

  /** The directory of our own broker under a data directory. */
  public static Path brokerDirectory(Path dataDirectory) {
    return new DataDirectory(dataDirectory).broker();
  }

  @Override
  public void close() {
    parts.close();
  }

  private void startHttp(Database requests, Features features) {
    HttpSettings where = settings.http();
    HttpApi api = new HttpApi(where, requests, features.httpContent(), keyStore(where));
    parts.add(api).start();
    http = api;
    DataDirectory.writePort(directory.httpPort(), api.port());
  }

  private TlsKeyStore keyStore(HttpSettings where) {
    Path given = where.keyStore();
    if (given != null) {
      return new TlsKeyStore(given, where.keyStorePassword());
    }
    ServerCertificate own = ServerCertificate.in(directory.broker());
    return new TlsKeyStore(own.keyStore(), own.keyStorePassword());
  }
}
