package io.billingsdk.server.web;

import io.billingsdk.server.collect.CollectorCounts;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.database.WriteProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus reads. Labels are of few values: routes and not paths, no app and no key. The
 * meters read what the parts count anyway, and cost nothing until they are read; those of the
 * streams then ask the database.
 */
final class Metrics {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** The limits whose refusals are counted. */
  static final String REQUESTS = "requests";

  static final String FAILED_LOGINS = "failed-logins";

  /** Prometheus waits for ten seconds, and the streams are asked for too. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  static final String OPEN = "open";

  static final String PLACES = "places";

  /** Those of Micrometer that are no good names in Prometheus; {@link ProcessorMeters} has them. */
  private static final Set<String> MISNAMED = Set.of("system.cpu.count", "process.cpu.time");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final StreamMetrics streams = new StreamMetrics();
  private final Access access;

  /**
   * Without a meter.
   *
   * @param isPublic whether they may be read without a token
   */
  Metrics(boolean isPublic) {
    registry.config().meterFilter(MeterFilter.deny(id -> MISNAMED.contains(id.getName())));
    this.access = isPublic ? Access.PUBLIC : Access.READ;
    // There from the beginning: what appears with its first count has no increase to alert by.
    var unusedRequests = throttledBy(REQUESTS);
    var unusedLogins = throttledBy(FAILED_LOGINS);
    var unusedOpen = throttledBy(OPEN);
    var unusedPlaces = throttledBy(PLACES);
  }

  Route route() {
    return new Route("GET", "/metrics", access, /* appScoped= */ false, Set.of(), this::page);
  }

  private Answer page(Request request) {
    streams.read(request.database());
    byte[] text = registry.scrape().getBytes(StandardCharsets.UTF_8);
    return new Answer.Whole(200, CONTENT_TYPE, text, Map.of());
  }

  /** Adds the meters of the parts of a server. */
  void watch(HttpApi.Parts parts, Database requests) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    ProcessorMeters.bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    Gauge.builder("billing.up", parts.up(), up -> up.getAsBoolean() ? 1 : 0)
        .description("whether usage is taken in")
        .register(registry);
    watch(parts.collector());
    watchDatabase(parts);
    PartMeters.bindTo(registry, parts.counts());
    streams.addTo(registry);
    watch("requests", requests);
    parts.pools().forEach(this::watch);
  }

  private void watch(CollectorCounts counts) {
    fate("committed", counts, CollectorCounts::committed);
    fate("duplicate", counts, CollectorCounts::duplicates);
    fate("rejected", counts, CollectorCounts::rejected);
    fate("held", counts, CollectorCounts::held);
    fate("conflicting", counts, CollectorCounts::conflicts);
    fate("deferred", counts, CollectorCounts::deferred);
    FunctionCounter.builder("billing.collector.events.left.out", counts, CollectorCounts::leftOut)
        .description("rejected and conflicting events that are counted without a row")
        .register(registry);
    FunctionCounter.builder("billing.collector.batches", counts, CollectorCounts::batches)
        .description("transactions with events")
        .register(registry);
    FunctionCounter.builder(
            "billing.collector.messages.malformed", counts, CollectorCounts::malformed)
        .description("messages that could not be read")
        .register(registry);
    FunctionCounter.builder(
            "billing.collector.strangers", counts, each -> each.strangers().refused())
        .description("events and signs of life of streams that are another instance's")
        .register(registry);
    FunctionCounter.builder("billing.collector.receipts", counts, CollectorCounts::receipts)
        .description("receipts that were sent")
        .register(registry);
    TimeGauge.builder(
            "billing.collector.last.commit",
            counts,
            TimeUnit.MILLISECONDS,
            CollectorCounts::lastCommitMillis)
        .description("when events were committed last, since 1970; 0: never since the start")
        .register(registry);
    TimeGauge.builder(
            "billing.collector.lag", counts, TimeUnit.MILLISECONDS, CollectorCounts::lagMillis)
        .description("how old the oldest event of the last transaction was at its commit")
        .register(registry);
    Gauge.builder("billing.collector.messages.waiting", counts, CollectorCounts::waiting)
        .description("messages that have come and are not settled")
        .register(registry);
    TimeGauge.builder(
            "billing.collector.not.stored",
            counts,
            TimeUnit.SECONDS,
            CollectorCounts::notStoredSeconds)
        .description("how long the oldest message that has come has waited to be stored")
        .register(registry);
    Gauge.builder("billing.collector.held.bytes", counts, CollectorCounts::heldBytes)
        .description("bytes that the server's own broker has handed over and are not settled")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder(
            "billing.collector.stopped.connections", counts, CollectorCounts::stoppedConnections)
        .description("connections that are not read until some of those bytes are committed")
        .register(registry);
    watchCommits(counts);
  }

  private void watchDatabase(HttpApi.Parts parts) {
    Gauge.builder("billing.database.writable", parts.writes(), Metrics::isWritable)
        .description("whether a write to the database succeeds")
        .register(registry);
    FunctionCounter.builder(
            "billing.database.restarts", parts.databaseRestarts(), restarts -> restarts.getAsLong())
        .description("how often the server's own PostgreSQL ended by itself and was started again")
        .register(registry);
  }

  private static double isWritable(WriteProbe writes) {
    return writes.find(PATIENCE) == WriteProbe.Found.WRITTEN ? 1 : 0;
  }

  private void watchCommits(CollectorCounts counts) {
    DistributionSummary events =
        DistributionSummary.builder("billing.collector.commit.events")
            .description("events of a transaction")
            .serviceLevelObjectives(1, 10, 100, 1_000, 5_000)
            .register(registry);
    Timer time =
        Timer.builder("billing.collector.commit")
            .description("how long a transaction with events took, repetitions included")
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10))
            .register(registry);
    counts.onCommit(
        (count, nanos) -> {
          events.record(count);
          time.record(nanos, TimeUnit.NANOSECONDS);
        });
  }

  private void fate(String fate, CollectorCounts counts, ToDoubleFunction<CollectorCounts> value) {
    FunctionCounter.builder("billing.collector.events", counts, value)
        .description("events, by what became of them")
        .tag("fate", fate)
        .register(registry);
  }

  private void watch(String name, Database database) {
    pool(name, "active", database, each -> each.pool().active());
    pool(name, "idle", database, each -> each.pool().idle());
    pool(name, "wanted", database, each -> each.pool().wanted());
  }

  private void pool(
      String name, String state, Database database, ToDoubleFunction<Database> value) {
    Gauge.builder("billing.database.connections", database, value)
        .description("connections of a pool; wanted: threads that wait for one")
        .tags("pool", name, "state", state)
        .register(registry);
  }

  /** Counts a request that was refused by one of the limits. */
  void throttled(String limit) {
    throttledBy(limit).increment();
  }

  private Counter throttledBy(String limit) {
    return Counter.builder("billing.http.throttled")
        .description("requests that were refused with 429, by the limit that they exceed")
        .tag("limit", limit)
        .register(registry);
  }

  /** Counts an answer. */
  void answered(Route route, Answer answer, long nanos) {
    String status = answer instanceof Answer.Whole whole ? Integer.toString(whole.status()) : "200";
    Timer.builder("billing.http.requests")
        .description("answers, by route and status; a stream when it ends")
        .tags("method", route.method(), "route", route.path(), "status", status)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }
}
