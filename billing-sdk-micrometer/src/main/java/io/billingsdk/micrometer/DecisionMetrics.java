package io.billingsdk.micrometer;

import static java.util.Objects.requireNonNull;

import io.billingsdk.DenialReason;
import io.billingsdk.grpc.CallDecision;
import io.billingsdk.grpc.DecisionListener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the decisions about gRPC calls, by result and reason: {@code billing.calls.decided}.
 *
 * <p>Give it to the interceptors, and bind it to a registry: {@code
 * ApiKeyInterceptor.builder().listener(decisions)}, the same for the metering, and {@code
 * decisions.bindTo(registry)}. It counts from its creation, bound or not. A call is counted twice
 * when it was let in and then refused for its model. Needs {@code billing-sdk-grpc}.
 *
 * <p>Thread-safe; a call takes no lock. It may be bound to several registries and listen to several
 * interceptors.
 */
public final class DecisionMetrics implements DecisionListener, MeterBinder {
  private final LongAdder allowed = new LongAdder();
  private final LongAdder withoutKey = new LongAdder();
  private final Map<DenialReason, LongAdder> denied = new EnumMap<>(DenialReason.class);

  /** With all counts at 0. */
  public DecisionMetrics() {
    for (DenialReason reason : DenialReason.values()) {
      denied.put(reason, new LongAdder());
    }
  }

  @Override
  public void decided(CallDecision decision) {
    switch (decision.result()) {
      case ALLOWED -> allowed.increment();
      case WITHOUT_KEY -> withoutKey.increment();
      case DENIED ->
          decision.reason().ifPresent(reason -> requireNonNull(denied.get(reason)).increment());
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    register(registry, "allowed", "none", allowed);
    register(registry, "without_key", "none", withoutKey);
    denied.forEach(
        (reason, count) -> register(registry, "denied", BillingMetrics.lowerCase(reason), count));
  }

  private void register(MeterRegistry registry, String result, String reason, LongAdder count) {
    // The reader refers to the count itself, so that the registry keeps it.
    FunctionCounter.builder("billing.calls.decided", this, metrics -> count.sum())
        .description("Calls that were let in or refused, by result and reason")
        .tag("result", result)
        .tag("reason", reason)
        .register(registry);
  }
}
