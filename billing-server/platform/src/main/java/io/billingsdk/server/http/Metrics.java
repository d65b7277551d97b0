package io.billingsdk.server.http;

import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route.RequiredScope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What Prometheus reads. Labels are of few values: routes and not paths, no app and no key. The
 * meters read what the features count anyway, and cost nothing until they are read.
 */
final class Metrics {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** The limits whose refusals are counted. */
  static final String REQUESTS = "requests";

  static final String FAILED_LOGINS = "failed-logins";

  static final String OPEN = "open";

  static final String PLACES = "places";

  /** Those of Micrometer that are no good names in Prometheus; {@link ProcessorMeters} has them. */
  private static final Set<String> MISNAMED = Set.of("system.cpu.count", "process.cpu.time");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<Meters> meters;
  private final RequiredScope requiredScope;

  /**
   * With the meters of the features.
   *
   * @param isPublic whether they may be read without a token
   */
  Metrics(boolean isPublic, List<Meters> meters) {
    this.meters = List.copyOf(meters);
    registry.config().meterFilter(MeterFilter.deny(id -> MISNAMED.contains(id.getName())));
    this.requiredScope = isPublic ? RequiredScope.PUBLIC : RequiredScope.READ;
    // There from the beginning: what appears with its first count has no increase to alert by.
    var unusedRequests = throttledBy(REQUESTS);
    var unusedLogins = throttledBy(FAILED_LOGINS);
    var unusedOpen = throttledBy(OPEN);
    var unusedPlaces = throttledBy(PLACES);
  }

  Route route() {
    return new Route(
        "GET", "/metrics", requiredScope, /* appScoped= */ false, Set.of(), this::page);
  }

  /** Adds all meters. */
  void bind() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    ProcessorMeters.bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    meters.forEach(each -> each.addTo(registry));
  }

  private ApiResponse page(Request request) {
    meters.forEach(each -> each.beforeReading(request.database()));
    byte[] text = registry.scrape().getBytes(StandardCharsets.UTF_8);
    return new ApiResponse.Whole(200, CONTENT_TYPE, text, Map.of());
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
  void answered(Route route, ApiResponse apiResponse, long nanos) {
    String status =
        apiResponse instanceof ApiResponse.Whole whole ? Integer.toString(whole.status()) : "200";
    Timer.builder("billing.http.requests")
        .description("answers, by route and status; a stream when it ends")
        .tags("method", route.method(), "route", route.path(), "status", status)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }
}
