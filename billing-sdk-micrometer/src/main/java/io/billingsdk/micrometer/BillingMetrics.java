package io.billingsdk.micrometer;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.DenialReason;
import io.billingsdk.RejectionReason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The status of a {@link BillingClient} as metrics of Micrometer.
 *
 * <p>{@code BillingMetrics.of(client).bindTo(registry)} registers all of them at once, with zeros
 * from the start, so that an alert always has a series. Their names and meanings are in {@code
 * docs/metrics.md}. No metric has a tag with a key or an app.
 *
 * <p>Each metric asks {@link BillingClient#status}; one status serves all reads within 100 ms, so
 * that the metrics of one scrape fit together. While there is no client, counters are 0 and the
 * connection is in no state.
 *
 * <p>Thread-safe. It may be bound to several registries, which keep it and the client reachable. It
 * starts no thread and needs no close.
 */
public final class BillingMetrics implements MeterBinder {
  /** What an admission refuses beyond the check of the key, which is counted by itself. */
  private static final List<DenialReason> OF_ADMISSIONS =
      List.of(
          DenialReason.QUOTA_EXCEEDED,
          DenialReason.RATE_LIMITED,
          DenialReason.MODEL_NOT_ALLOWED,
          DenialReason.UNAVAILABLE);

  private final StatusSnapshots snapshots;

  private BillingMetrics(StatusSnapshots snapshots) {
    this.snapshots = snapshots;
  }

  /** The metrics of this client. */
  public static BillingMetrics of(BillingClient client) {
    Optional<BillingClient> always = Optional.of(requireNonNull(client, "client"));
    return of(() -> always);
  }

  /**
   * The metrics of the client of this process, {@link Billing#client}, at the time of each read.
   */
  public static BillingMetrics ofProcess() {
    return of(Billing::client);
  }

  /**
   * The metrics of a client that may come later.
   *
   * @param client empty while there is none; must not wait
   */
  public static BillingMetrics of(Supplier<Optional<BillingClient>> client) {
    return new BillingMetrics(
        new StatusSnapshots(requireNonNull(client, "client"), System::nanoTime));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindEvents(registry);
    bindJournal(registry);
    bindKeys(registry);
    bindQuotas(registry);
    for (ConnectionState state : ConnectionState.values()) {
      Gauge.builder(
              "billing.client.connection.state",
              this,
              metrics -> metrics.value(status -> status.state() == state ? 1 : 0, 0))
          .description("1 for the state of the connection, 0 for the others")
          .tag("state", lowerCase(state))
          .strongReference(true)
          .register(registry);
    }
  }

  private void bindEvents(MeterRegistry registry) {
    count(
        registry,
        "accepted",
        "Events that were accepted into the journal",
        s -> s.delivery().accepted());
    count(registry, "delivered", "Events that arrived", s -> s.delivery().delivered());
    count(
        registry,
        "deadlettered",
        "Events that were refused for good and set aside",
        s -> s.delivery().deadLettered());
    count(
        registry,
        "dropped",
        "Accepted events that were dropped for newer ones",
        s -> s.delivery().dropped());
    gauge(
        registry,
        "events.pending",
        null,
        "Accepted events that are not delivered yet",
        s -> s.delivery().pending());
    for (RejectionReason reason : RejectionReason.values()) {
      counter(
              "billing.client.events.rejected",
              s -> s.delivery().rejected().getOrDefault(reason, 0L))
          .description("Events that were never accepted, by reason")
          .tag("reason", lowerCase(reason))
          .register(registry);
    }
  }

  private void bindJournal(MeterRegistry registry) {
    gauge(
        registry,
        "journal.size",
        "bytes",
        "Bytes that the journal holds",
        s -> s.journal().bytes());
    gauge(
        registry,
        "journal.oldest.age",
        "seconds",
        "Age of the oldest undelivered part; 0 when nothing waits",
        s -> age(s.journal().oldest(), 0));
    gauge(
        registry,
        "journal.quarantined",
        null,
        "Pieces of damaged bytes that were kept aside",
        s -> s.journal().quarantined());
    gauge(
        registry,
        "journal.unreadable",
        null,
        "Files of the journal that this release cannot read",
        s -> s.journal().unreadable());
    gauge(
        registry,
        "journal.healthy",
        null,
        "1 while the journal can take events, 0 while its disk is full or fails",
        s -> s.journal().trouble() == null ? 1 : 0);
  }

  private void bindKeys(MeterRegistry registry) {
    gauge(registry, "keys.known", null, "Keys in the key table", s -> s.keys().known());
    gauge(registry, "keys.blocked", null, "Those that are blocked", s -> s.keys().blocked());
    gauge(
        registry,
        "keys.update.age",
        "seconds",
        "Time since the last update of the keys; not a number before the first",
        s -> age(s.keys().updatedAt(), Double.NaN));
  }

  private void bindQuotas(MeterRegistry registry) {
    counter("billing.client.admissions.admitted", s -> s.quotas().admitted())
        .description("Calls that were admitted")
        .register(registry);
    for (DenialReason reason : OF_ADMISSIONS) {
      counter(
              "billing.client.admissions.refused",
              s -> s.quotas().refused().getOrDefault(reason, 0L))
          .description("Calls of known keys that were not admitted, by reason")
          .tag("reason", lowerCase(reason))
          .register(registry);
    }
    gauge(
        registry,
        "quotas.known",
        null,
        "Quotas that calls of this process have met",
        s -> s.quotas().known());
    gauge(
        registry,
        "quotas.leases",
        null,
        "Leases in hand, from which calls are admitted",
        s -> s.quotas().leases());
    counter("billing.client.quotas.requests", s -> s.quotas().requests())
        .description("Requests for leases and shares")
        .register(registry);
    counter("billing.client.quotas.requests.unanswered", s -> s.quotas().unanswered())
        .description("Requests that had no answer in time, or that the broker forbids")
        .register(registry);
    gauge(
        registry,
        "quotas.request.age",
        "seconds",
        "Age of the request that waits for its answer; 0 when none waits",
        s -> age(s.quotas().waitingSince(), 0));
  }

  private void count(
      MeterRegistry registry, String what, String meaning, ToDoubleFunction<ClientStatus> read) {
    counter("billing.client.events." + what, read).description(meaning).register(registry);
  }

  /** The readers refer to this object, so that a registry keeps it, and with it its counts. */
  private FunctionCounter.Builder<BillingMetrics> counter(
      String name, ToDoubleFunction<ClientStatus> read) {
    return FunctionCounter.builder(name, this, metrics -> value(read, 0));
  }

  private void gauge(
      MeterRegistry registry,
      String what,
      @Nullable String unit,
      String meaning,
      ToDoubleFunction<ClientStatus> read) {
    Gauge.builder("billing.client." + what, this, metrics -> metrics.value(read, Double.NaN))
        .description(meaning)
        .baseUnit(unit)
        .strongReference(true)
        .register(registry);
  }

  private double value(ToDoubleFunction<ClientStatus> read, double withoutClient) {
    ClientStatus status = snapshots.now();
    return status == null ? withoutClient : read.applyAsDouble(status);
  }

  private static double age(@Nullable Instant since, double never) {
    // A clock that was set back must not make an age negative.
    return since == null
        ? never
        : Math.max(0, Duration.between(since, Instant.now()).toMillis()) / 1000.0;
  }

  static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
