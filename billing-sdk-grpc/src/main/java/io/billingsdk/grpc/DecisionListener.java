package io.billingsdk.grpc;

/**
 * Receives the decisions about calls: for metrics, traces and audit logs. It changes no decision.
 *
 * <p>It is called on the thread of the call, before the handler is entered or the refusal is sent,
 * and must not wait. It is called by many threads at once. An exception of it changes nothing, and
 * is logged once.
 */
@FunctionalInterface
public interface DecisionListener {

  /** A call was let in or refused. */
  void decided(CallDecision decision);
}
