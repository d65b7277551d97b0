package io.billingsdk.server.http;

import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpSettings.RequestLimits;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private final TlsKeyStore keyStore;
  private final Metrics metrics;
  private final StreamTiming timing;
  private final List<Route> routes;
  private final List<Route> pages;
  private final Engine engine;
  private @Nullable Server server;

  /**
   * An API to be started.
   *
   * @param database for requests alone; the caller closes it
   */
  public HttpApi(
      HttpSettings settings, Database database, HttpContent content, TlsKeyStore keyStore) {
    this(settings, database, content, keyStore, Times.of(settings));
  }

  /** The same with other times. */
  HttpApi(
      HttpSettings settings,
      Database database,
      HttpContent content,
      TlsKeyStore keyStore,
      Times times) {
    this.settings = settings;
    this.database = database;
    this.keyStore = keyStore;
    this.metrics = new Metrics(settings.metricsPublic(), content.meters());
    this.timing = times.timing();
    this.routes = routes(content, metrics);
    this.pages = content.pages();
    RequestLimits limits = settings.limits();
    this.engine =
        new Engine(
            new Pools(),
            new Throttle(limits, metrics, times.nanos()),
            metrics,
            new ClientConnections(limits.connectionsPerAddress(), timing.idle()),
            new LastingRequests(database),
            BodyBytes.ofMemory(),
            new BodyBytes(Passage.SIGNED_ROOM),
            new Body.Pace(limits.bodyBytesPerSecond(), timing.grace()));
  }

  /**
   * How time passes.
   *
   * @param nanos as {@link System#nanoTime} has it
   */
  record Times(StreamTiming timing, LongSupplier nanos) {
    static Times of(HttpSettings settings) {
      return new Times(StreamTiming.of(settings.streamSilence()), System::nanoTime);
    }
  }

  /** All routes but the pages. */
  static List<Route> routes(HttpContent content, Metrics metrics) {
    List<Route> all = new ArrayList<>(OpenApi.of(content.documentParts()).routes());
    all.addAll(content.routes());
    all.add(metrics.route());
    return List.copyOf(all);
  }

  /**
   * Starts it.
   *
   * @throws InstallationException when the port is taken or the certificate cannot be used
   */
  public void start() {
    metrics.bind();
    Server made =
        JettySetup.server(
            settings,
            timing,
            engine.connections(),
            keyStore.file().toString(),
            keyStore.password());
    made.setHandler(new Door(table(), engine));
    try {
      made.start();
    } catch (Exception failed) {
      stop(made);
      throw new InstallationException(
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

  /** The pages of features. */
  List<Route> pages() {
    return pages;
  }

  private RouteTable table() {
    List<Route> all = new ArrayList<>(StaticPages.create().routes());
    all.addAll(pages);
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

  /**
   * The certificate that the HTTP API shows, and its key. Immutable.
   *
   * @param file PKCS#12
   * @param password of the store
   */
  public record TlsKeyStore(Path file, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return "TlsKeyStore[" + file + "]";
    }
  }

  /**
   * What the HTTP API serves beside its own pages: what the features give to it. Immutable.
   *
   * @param routes of all features, the first that fits first
   * @param pages of all features, which are no part of the document
   * @param meters of all features
   * @param documentParts parts of the OpenAPI document, which describe the routes
   */
  public record HttpContent(
      List<Route> routes, List<Route> pages, List<Meters> meters, List<URL> documentParts) {
    /** Copies the lists. */
    public HttpContent {
      routes = List.copyOf(routes);
      pages = List.copyOf(pages);
      meters = List.copyOf(meters);
      documentParts = List.copyOf(documentParts);
    }
  }

  /**
   * Meters of a feature for Prometheus. Labels have few values: no app, no key. A meter reads what
   * its feature counts anyway, and costs nothing until it is read.
   */
  @FunctionalInterface
  public interface Meters {
    /** Adds them, once, before the server listens. */
    void addTo(MeterRegistry registry);

    /** Runs before all meters are read: one question to the database serves many gauges. */
    default void beforeReading(Database requests) {}
  }
}
