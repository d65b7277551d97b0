package io.billingsdk.server.web;

import io.billingsdk.server.Counts;
import io.billingsdk.server.ServerException;
import io.billingsdk.server.collect.CollectorCounts;
import io.billingsdk.server.collect.Intake;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.database.WriteProbe;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.tail.LiveTail;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API, over TLS alone: {@code /api/v1/…}, its document at {@code /api/v1/openapi.yaml},
 * and pages to read it with at {@code /docs}. Who may call what, {@link Route} says of each.
 *
 * <p>{@link #start()} returns when it listens; {@link #close()} ends it. For one thread.
 */
public final class HttpApi implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpApi.class);

  private static final Duration LOOK = Duration.ofMillis(500);

  private final HttpSettings settings;
  private final Database database;
  private final Path keyStore;
  private final String keyStorePassword;
  private final Metrics metrics;
  private final StreamTiming timing;
  private final List<Route> routes;
  private final Engine engine;
  private @Nullable Server server;

  /**
   * An API to be started.
   *
   * @param database for requests alone; the caller closes it
   * @param keyStore PKCS#12 with the certificate to show
   */
  public HttpApi(
      HttpSettings settings,
      Database database,
      Parts parts,
      Path keyStore,
      String keyStorePassword) {
    this(
        settings,
        database,
        parts,
        keyStore,
        keyStorePassword,
        StreamTiming.of(settings.streamSilence()),
        System::nanoTime);
  }

  /**
   * The same with other times.
   *
   * @param nanos as {@link System#nanoTime} has it
   */
  HttpApi(
      HttpSettings settings,
      Database database,
      Parts parts,
      Path keyStore,
      String keyStorePassword,
      StreamTiming timing,
      LongSupplier nanos) {
    this.settings = settings;
    this.database = database;
    this.keyStore = keyStore;
    this.keyStorePassword = keyStorePassword;
    this.metrics = new Metrics(settings.metricsPublic());
    this.timing = timing;
    RequestLimits limits = settings.limits();
    this.routes =
        routes(
            parts,
            metrics,
            new IntakeRoutes(parts.intake(), Clock.systemUTC(), timing, limits.streamsPerToken()));
    this.engine =
        new Engine(
            new Pools(),
            new Throttle(limits, metrics, nanos),
            metrics,
            new Connections(limits.connectionsPerAddress(), timing.idle()),
            new LastingRequests(database),
            BodyBytes.ofMemory(),
            new Body.Pace(limits.bodyBytesPerSecond(), timing.grace()));
    metrics.watch(parts, database);
  }

  /**
   * What of the server the routes ask beside the database.
   *
   * @param vault seals legacy keys
   * @param up whether the server is connected and takes usage in
   * @param intake stores usage
   * @param tail what is stored, while it happens
   * @param collector what it has done
   * @param writes whether the database can be written
   * @param databaseRestarts how often the server's own PostgreSQL was started again
   * @param counts of the other parts
   * @param pools other databases of the server, by what they are for
   */
  public record Parts(
      KeyVault vault,
      BooleanSupplier up,
      Intake intake,
      LiveTail tail,
      CollectorCounts collector,
      WriteProbe writes,
      LongSupplier databaseRestarts,
      Counts counts,
      Map<String, Database> pools) {
    /** Copies the map. */
    public Parts {
      pools = Map.copyOf(pools);
    }
  }

  /** All routes but the pages: a new feature adds its own here. */
  static List<Route> routes(Parts parts, Metrics metrics, IntakeRoutes intake) {
    List<Route> all = new ArrayList<>();
    all.addAll(OpenApi.load().routes());
    all.addAll(new HealthRoutes(parts.up(), parts.collector(), parts.writes()).routes());
    all.addAll(AppRoutes.routes());
    all.addAll(new KeyRoutes(parts.vault()).routes());
    all.addAll(LedgerRoutes.routes());
    all.addAll(StreamRoutes.routes());
    all.addAll(AttributionRoutes.routes());
    all.addAll(new CorrectionRoutes(parts.tail()).routes());
    all.addAll(new ReplayRoutes(parts.tail(), Clock.systemUTC()).routes());
    all.addAll(new BatchReplayRoutes(parts.tail()).routes());
    all.addAll(intake.routes());
    all.addAll(UsageRoutes.routes());
    all.addAll(new TailRoutes(parts.tail()).routes());
    all.add(metrics.route());
    return List.copyOf(all);
  }

  /**
   * Starts it.
   *
   * @throws ServerException when the port is taken or the certificate cannot be used
   */
  public void start() {
    Server made =
        JettySetup.server(
            settings, timing, engine.connections(), keyStore.toString(), keyStorePassword);
    made.setHandler(new Door(table(), engine));
    try {
      made.start();
    } catch (Exception failed) {
      stop(made);
      throw new ServerException(
          "the HTTP API cannot listen on "
              + settings.host()
              + ":"
              + settings.port()
              + ": "
              + failed.getMessage(),
          failed);
    }
    server = made;
    engine.lasting().start();
    var unused = engine.pools().every(LOOK, engine.connections()::endSlow);
  }

  /** All routes but the pages. */
  List<Route> served() {
    return routes;
  }

  private RouteTable table() {
    List<Route> all = new ArrayList<>(StaticPages.create().routes());
    all.addAll(routes);
    return new RouteTable(
        all.stream()
            .map(route -> new Endpoint(route, database, engine.throttle(), metrics))
            .toList());
  }

  /** The port that it listens on. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("the HTTP API is not started");
    }
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  @Override
  public void close() {
    engine.lasting().close();
    if (server != null) {
      stop(server);
    }
    engine.pools().close();
  }

  private static void stop(Server started) {
    try {
      started.stop();
    } catch (Exception failed) {
      log.warn("the HTTP API does not stop in order: {}", failed.toString());
    }
  }
}
