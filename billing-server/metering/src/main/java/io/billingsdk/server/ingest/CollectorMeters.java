package io.billingsdk.server.ingest;

import io.billingsdk.server.http.HttpApi.Meters;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Meters of what a collector has done. */
final class CollectorMeters implements Meters {
  private final CollectorCounts counts;

  CollectorMeters(CollectorCounts counts) {
    this.counts = counts;
  }

  @Override
  public void addTo(MeterRegistry registry) {
    fates(registry);
    counters(registry);
    times(registry);
    waiting(registry);
    commits(registry);
  }

  private void fates(MeterRegistry registry) {
    fate(registry, "committed", CollectorCounts::committed);
    fate(registry, "duplicate", CollectorCounts::duplicates);
    fate(registry, "rejected", CollectorCounts::rejected);
    fate(registry, "held", CollectorCounts::held);
    fate(registry, "conflicting", CollectorCounts::conflicts);
    fate(registry, "deferred", CollectorCounts::deferred);
  }

  private void fate(MeterRegistry registry, String fate, ToDoubleFunction<CollectorCounts> value) {
    FunctionCounter.builder("billing.collector.events", counts, value)
        .description("events, by outcome")
        .tag("fate", fate)
        .register(registry);
  }

  private void counters(MeterRegistry registry) {
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
  }

  private void times(MeterRegistry registry) {
    TimeGauge.builder(
            "billing.collector.last.commit",
            counts,
            TimeUnit.MILLISECONDS,
            CollectorCounts::lastCommitMillis)
        .description(
            "time of the last commit of events, in seconds since 1970; 0: none since the start")
        .register(registry);
    TimeGauge.builder(
            "billing.collector.lag", counts, TimeUnit.MILLISECONDS, CollectorCounts::lagMillis)
        .description("how old the oldest event of the last transaction was at its commit")
        .register(registry);
  }

  private void waiting(MeterRegistry registry) {
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
  }

  private void commits(MeterRegistry registry) {
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
}
