package io.billingsdk.grpc;

import io.billingsdk.Caller;
import io.grpc.MethodDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the listeners of decisions. Thread-safe; throws nothing but what ends the JVM. */
final class Decisions {
  private final List<DecisionListener> listeners;
  private final FaultLog faults;

  Decisions(List<DecisionListener> listeners, FaultLog faults) {
    this.listeners = List.copyOf(listeners);
    this.faults = faults;
  }

  /** What the key check has come to. */
  void tell(MethodDescriptor<?, ?> method, KeyCheck decided) {
    if (listeners.isEmpty()) {
      return;
    }
    if (decided instanceof BillingSession session) {
      tell(CallDecision.allowed(method, session.caller()));
    } else if (decided instanceof Denial denial) {
      denied(method, null, denial);
    } else {
      tell(CallDecision.withoutKey(method));
    }
  }

  /**
   * A call is refused.
   *
   * @param caller null where it is not known
   */
  void denied(MethodDescriptor<?, ?> method, @Nullable Caller caller, Denial denial) {
    if (!listeners.isEmpty()) {
      tell(CallDecision.denied(method, caller, denial.reason()));
    }
  }

  private void tell(CallDecision decision) {
    for (DecisionListener listener : listeners) {
      try {
        listener.decided(decision);
      } catch (Throwable failed) {
        // A metric that fails must neither let a call in nor end it.
        faults.once("a listener of decisions failed", failed);
        FailClosed.rethrowIfFatal(failed);
      }
    }
  }
}
