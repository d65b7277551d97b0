package io.billingsdk.server.web;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.Counts;
import io.billingsdk.server.collect.CollectorCounts;
import io.billingsdk.server.collect.Intake;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.database.WriteProbe;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.tail.LiveTail;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP API, over TLS alone: {@code /api/v1/…}, its document at {@code /api/v1/openapi.yaml},
 * and pages to read it with at {@code /docs}. Who may call what, {@link Route} says of each.
 *
 * <p>{@link #start()} returns when it listens; {@link #close()} ends it. For one thread.
 */
public final class HttpApi implements AutoCloseable {
  private final HttpSettings settings;
  private final Database database;
  private final Path keyStore;
  private final String keyStorePassword;
  private final Metrics metrics;
  private final Throttle throttle;
  private final StreamTiming timing;
  private final IntakeRoutes intake;
  private final List<Route> routes;
  private @Nullable Javalin javalin;

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
    this.throttle = new Throttle(settings.limits(), metrics, nanos);
    this.timing = timing;
    this.intake = new IntakeRoutes(parts.intake(), Clock.systemUTC(), timing);
    this.routes = routes(parts, metrics, intake);
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
    Javalin made = Javalin.create(this::configure);
    try {
      javalin = made.start();
    } catch (RuntimeException failed) {
      throw new ServerException(
          "the HTTP API cannot listen on "
              + settings.host()
              + ":"
              + settings.port()
              + ": "
              + failed.getMessage(),
          failed);
    }
  }

  /** The port that it listens on. */
  public int port() {
    if (javalin == null) {
      throw new IllegalStateException("the HTTP API is not started");
    }
    return javalin.port();
  }

  @Override
  public void close() {
    intake.close();
    if (javalin != null) {
      var unused = javalin.stop();
    }
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.http.defaultContentType = Answer.JSON;
    // A body is bounded where it is read; this one trusts the length that a request claims.
    config.http.maxRequestSize = Request.BODY_BYTES;
    // What is compressed beside a secret tells of it by its length.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    JettySetup.apply(config.jetty, settings, timing, keyStore.toString(), keyStorePassword);
    StaticPages.create().addTo(config.routes);
    for (Route route : routes) {
      Endpoint endpoint = new Endpoint(route, database, throttle, metrics);
      config.routes.addHttpHandler(
          HandlerType.findOrCreate(route.method()), route.path(), endpoint);
      if (route.method().equals("GET")) {
        // Else Javalin would answer it itself, with 200 and no look at the caller.
        config.routes.addHttpHandler(HandlerType.HEAD, route.path(), endpoint);
      }
    }
    config.routes.exception(Exception.class, HttpApi::problem);
    // Javalin has a page of its own for these, which comes before the one above.
    config.routes.exception(HttpResponseException.class, HttpApi::problem);
  }

  private static void problem(Exception failure, Context context) {
    try {
      Endpoint.send(context, Problems.answer(failure));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
