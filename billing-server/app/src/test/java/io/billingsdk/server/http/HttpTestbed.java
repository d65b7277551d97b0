package io.billingsdk.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.alerts.AlertsFeature;
import io.billingsdk.server.broker.ServerCertificate;
import io.billingsdk.server.costs.CostsFeature;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.Notifications.ChannelSubscription;
import io.billingsdk.server.db.Notifications.NotificationListener;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.db.WriteProbe;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.health.HealthFeature.Signs;
import io.billingsdk.server.http.HttpApi.HttpContent;
import io.billingsdk.server.http.HttpApi.TlsKeyStore;
import io.billingsdk.server.http.HttpSettings.RequestLimits;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.ingest.TestIntake;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.ledger.LedgerHooks;
import io.billingsdk.server.performance.PerformanceFeature;
import io.billingsdk.server.performance.RecordsFeature;
import io.billingsdk.server.providers.ProviderSettings;
import io.billingsdk.server.statistics.StatisticsFeature;
import io.billingsdk.server.statistics.UsagePageFeature;
import io.billingsdk.server.statistics.UsesFeature;
import io.billingsdk.server.tail.LiveTail;
import io.billingsdk.testbed.OneAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The HTTP API over a ledger of its own, and a client that trusts its authority. */
public final class HttpTestbed implements AutoCloseable {
  static final String CLOUD_EVENT = "application/cloudevents+json";
  static final String CLOUD_EVENTS = "application/cloudevents-batch+json";
  static final Actor TESTER = new Actor("tester");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final World world;
  private final Database database;
  private final Secrets secrets;
  private final WriteProbe writes;
  private final CostsFeature costs;
  private final PerformanceFeature performance;
  private final StatisticsFeature statistics;
  private final TestIntake intake;
  private final Notifications notifications;
  private final LiveTail tail;
  private final HttpApi api;
  private final SSLContext tls;
  private final HttpClient client;
  private final AtomicBoolean up = new AtomicBoolean(true);
  private volatile InstantSource analyticsTime = InstantSource.system();
  private final Contract contract = new Contract();
  private final String writeToken;
  private final String readToken;

  /** Started when this returns, with one operator and no app. */
  public HttpTestbed(Path directory) {
    this(directory, StreamTiming.of(HttpSettings.STREAM_SILENCE));
  }

  /** The same with other times. */
  HttpTestbed(Path directory, StreamTiming timing) {
    this(directory, timing, RequestLimits.HIGHEST, System::nanoTime);
  }

  /** The same with limits, and a time for them. */
  HttpTestbed(Path directory, RequestLimits limits, LongSupplier nanos) {
    this(directory, StreamTiming.of(HttpSettings.STREAM_SILENCE), limits, nanos);
  }

  /** The same with other payment providers. */
  public HttpTestbed(Path directory, ProviderSettings providers) {
    this(
        directory,
        StreamTiming.of(HttpSettings.STREAM_SILENCE),
        RequestLimits.HIGHEST,
        System::nanoTime,
        providers);
  }

  /** The same with all of that. */
  HttpTestbed(Path directory, StreamTiming timing, RequestLimits limits, LongSupplier nanos) {
    this(directory, timing, limits, nanos, ProviderRequests.SETTINGS);
  }

  private HttpTestbed(
      Path directory,
      StreamTiming timing,
      RequestLimits limits,
      LongSupplier nanos,
      ProviderSettings providers) {
    this(directory, timing, limits, nanos, providers, null);
  }

  private HttpTestbed(
      Path directory,
      StreamTiming timing,
      RequestLimits limits,
      LongSupplier nanos,
      ProviderSettings providers,
      @Nullable HttpTestbed first) {
    try {
      this.world = first == null ? Testbed.get().world() : first.world;
      this.database = Database.forRequests(world.server());
      this.secrets = first == null ? new Secrets(directory.resolve("own")) : first.secrets;
      this.writes = WriteProbe.of(world.server());
      Feature.Platform platform = new Feature.Platform(database, secrets);
      this.costs =
          new CostsFeature(platform, List.of(PerformanceFeature.sums(), AlertsFeature.watch()));
      this.performance = PerformanceFeature.at(platform, () -> analyticsTime.instant());
      this.statistics = new StatisticsFeature(platform);
      this.intake =
          TestIntake.over(database, LedgerHooks.appender(List.of(costs, performance, statistics)));
      this.notifications = new Notifications(database);
      this.tail = new LiveTail(database, notifications);
      if (first == null) {
        new Operators(database, TESTER).create("tester");
      }
      this.writeToken = token(Scope.ADMIN, null);
      this.readToken = token(Scope.READ, null);
      ServerCertificate certificate = ServerCertificate.in(directory);
      this.api =
          new HttpApi(
              HttpSettings.ANY_PORT.with(limits),
              database,
              content(directory, timing, limits, providers),
              new TlsKeyStore(certificate.keyStore(), certificate.keyStorePassword()),
              new HttpApi.Times(timing, nanos));
      notifications.start();
      tail.start();
      api.start();
      awaitListening();
      this.tls = OneAuthority.tls(directory.resolve("ca.pem"));
      this.client = HttpClient.newBuilder().sslContext(tls).build();
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  /** A second server over the same database, with the same secrets. */
  public HttpTestbed beside(Path other) {
    return new HttpTestbed(
        other,
        StreamTiming.of(HttpSettings.STREAM_SILENCE),
        RequestLimits.HIGHEST,
        System::nanoTime,
        ProviderRequests.SETTINGS,
        this);
  }

  /** The tail has no memory: it would never show what is offered before it listens. */
  private void awaitListening() {
    CountDownLatch listens = new CountDownLatch(1);
    NotificationListener listener =
        new NotificationListener() {
          @Override
          public void received(String payload) {}

          @Override
          public void lookAgain() {
            listens.countDown();
          }
        };
    // Channels are listened to in the order of their subscriptions.
    try (ChannelSubscription last = notifications.subscribe("testbed", Runnable::run, listener)) {
      if (!listens.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("the database sends no notifications: " + last);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private HttpContent content(
      Path directory, StreamTiming timing, RequestLimits limits, ProviderSettings providers) {
    Signs signs =
        new Signs(up::get, () -> intake.isStoring(Signs.STORED_WITHIN_SECONDS), writes, () -> 0);
    List<Feature> above =
        List.of(
            intake.feature(tail, timing, limits.streamsPerToken()),
            costs,
            performance,
            new AlertsFeature(new Feature.Platform(database, secrets)),
            new RecordsFeature(intake::records),
            statistics,
            new UsesFeature(new Feature.Platform(database, secrets), intake::records),
            new UsagePageFeature(
                new Feature.Platform(database, secrets), directory.resolve("documents")));
    return ServedFeatures.content(tail, signs, above, database, directory, providers);
  }

  /** An answer. */
  public record Reply(
      int status, String contentType, String body, @Nullable HttpResponse<String> response) {
    /** A header; empty when it is not there. */
    public Optional<String> header(String name) {
      return response == null ? Optional.empty() : response.headers().firstValue(name);
    }

    /** Its body. */
    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException malformed) {
        throw new AssertionError("no JSON: " + body, malformed);
      }
    }
  }

  /** Makes costs of all events that are committed. */
  public void makeCosts() {
    costs.runNow();
  }

  /** Begins to make costs soon after each event, with the shipped prices. */
  public void startCosts() {
    costs.start();
  }

  /** The jobs of the analytics. */
  public List<Job> analyticsJobs() {
    return performance.jobs();
  }

  /** The analytics answer as at this time from now on. */
  public void setAnalyticsTime(InstantSource clock) {
    analyticsTime = clock;
  }

  /** Its ledger. */
  public World world() {
    return world;
  }

  public Database database() {
    return database;
  }

  /** Those of its installation. */
  public Secrets secrets() {
    return secrets;
  }

  /** All routes but the pages. */
  List<Route> routes() {
    return api.served();
  }

  /** The pages of features. */
  List<Route> pages() {
    return api.pages();
  }

  LiveTail tail() {
    return tail;
  }

  /** Holds each answer that comes through this against the document. */
  Contract contract() {
    return contract;
  }

  /** Where it is, for a client that trusts its authority. */
  public String address() {
    return "https://localhost:" + port();
  }

  int port() {
    return api.port();
  }

  SSLContext tls() {
    return tls;
  }

  /** Ends the API alone. */
  void stopApi() {
    api.close();
  }

  /** Whether the rest of the server says that it is up. */
  void setUp(boolean isUp) {
    up.set(isUp);
  }

  /** A token to change everything. */
  public String writeToken() {
    return writeToken;
  }

  /** A token to read everything. */
  public String readToken() {
    return readToken;
  }

  /** Another token, good for an hour. */
  public String token(Scope scope, @Nullable String app) throws SQLException {
    return new Tokens(database).create(TESTER, "tester", scope, app, Duration.ofHours(1)).text();
  }

  /** Reads, with a token to read. */
  public Reply get(String path) {
    return send("GET", path, readToken, null);
  }

  /** Changes, with a token to write. */
  public Reply send(String method, String path, String json) {
    return send(method, path, writeToken, json);
  }

  /**
   * Sends a request.
   *
   * @param token null for none
   * @param json null for no body
   * @param headers names and values in turn
   */
  public Reply send(
      String method,
      String path,
      @Nullable String token,
      @Nullable String json,
      String... headers) {
    return send(request(method, path, token, json, headers));
  }

  /** An answer, and how long it took to come, without its check against the document. */
  public record Timed(Reply reply, long nanos) {}

  /** Sends a request as {@link #send(String, String, String, String, String...)} does. */
  public Timed timed(String method, String path, String token, @Nullable String json) {
    Timed answered = unchecked(method, path, token, json);
    HttpResponse<String> answer = answered.reply().response();
    if (answer != null) {
      check(answer, answer.body());
    }
    return answered;
  }

  /** The same, where the check would take the processor from those who measure. */
  public Timed unchecked(String method, String path, String token, @Nullable String json) {
    HttpRequest request = request(method, path, token, json);
    try {
      long began = System.nanoTime();
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      long took = System.nanoTime() - began;
      return new Timed(reply(answer), took);
    } catch (IOException failed) {
      throw new AssertionError(request + " was not answered", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** An answer that may not end, read line by line. */
  public EventLines open(String path, String... headers) {
    try {
      return new EventLines(
          client.send(request("GET", path, null, null, headers), BodyHandlers.ofInputStream()));
    } catch (IOException failed) {
      throw new AssertionError(path + " was not answered", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** The body of an answer, as it comes. */
  public InputStream stream(String path) {
    try {
      HttpResponse<InputStream> answer =
          client.send(request("GET", path, null, null), BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new AssertionError(path + " was answered with " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException failed) {
      throw new AssertionError(path + " was not answered", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** All of the body of an answer that is no text. */
  public byte[] bytes(String path) throws IOException {
    try (InputStream body = stream(path)) {
      return body.readAllBytes();
    }
  }

  private HttpRequest request(
      String method,
      String path,
      @Nullable String token,
      @Nullable String json,
      String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address() + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (json != null && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private Reply checked(HttpResponse<String> answer) {
    check(answer, answer.body());
    return reply(answer);
  }

  private static Reply reply(HttpResponse<String> answer) {
    return new Reply(
        answer.statusCode(),
        answer.headers().firstValue("Content-Type").orElse(""),
        answer.body(),
        answer);
  }

  Reply send(HttpRequest request) {
    try {
      return checked(client.send(request, BodyHandlers.ofString()));
    } catch (IOException failed) {
      throw new AssertionError(request + " was not answered", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** Sends a request whose answer does not end: only its beginning is waited for. */
  Reply begin(HttpRequest request) {
    try {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      String type = answer.headers().firstValue("Content-Type").orElse("");
      try (InputStream body = answer.body()) {
        String text =
            answer.statusCode() == 200
                ? ""
                : new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        check(answer, text);
        return new Reply(answer.statusCode(), type, text, null);
      }
    } catch (IOException failed) {
      throw new AssertionError(request + " was not answered", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private void check(HttpResponse<?> answer, String body) {
    Map<String, String> headers = new TreeMap<>();
    answer.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
    URI uri = answer.request().uri();
    contract.check(
        new Contract.Answered(
            answer.request().method(), uri.getRawPath(), answer.statusCode(), headers, body));
  }

  @Override
  public void close() {
    api.close();
    intake.close();
    costs.close();
    tail.close();
    notifications.close();
    writes.close();
    database.close();
  }
}
