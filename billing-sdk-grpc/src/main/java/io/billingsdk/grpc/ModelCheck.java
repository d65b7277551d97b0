package io.billingsdk.grpc;

import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.UsageEvent;
import org.jspecify.annotations.Nullable;

/**
 * Holds the models that one call names against those that its key may be used for. Called for one
 * message at a time.
 *
 * <p>The key's models are those that the client knows now. When the client cannot say, since its
 * table is too old or the key was blocked meanwhile, they are those of the moment at which the call
 * was let in: what becomes of the call itself then is the key check's to decide.
 */
final class ModelCheck<Q> {
  private final Metering<Q, ?> metering;
  private final BillingSession session;
  private final FaultLog faults;

  private String model;
  private long messages;
  private @Nullable Throwable failed;

  ModelCheck(Metering<Q, ?> metering, BillingSession session, FaultLog faults) {
    this.metering = metering;
    this.session = session;
    this.faults = faults;
    this.model = metering.model();
  }

  /** The model that a method has by itself; null when it may be used. Fails closed. */
  @Nullable Denial ofMethod() {
    return decide(metering.model(), null);
  }

  /** The next message; null when it may go on to the handler. Fails closed. */
  @Nullable Denial of(Q message) {
    boolean first = messages++ == 0;
    String named;
    try {
      named = metering.modelOf(message);
    } catch (Throwable thrown) {
      return unnamed(first, thrown);
    }
    if (named == null || named.isBlank()) {
      // The first says nothing: it is charged, and so checked, as the method's own model.
      return first ? decide(metering.model(), message) : null;
    }
    if (first) {
      model = named;
      return decide(named, message);
    }
    return decide(named);
  }

  /** Whether a message has gone on to the handler, or would have if it was refused just now. */
  boolean isFirst() {
    return messages <= 1;
  }

  /** No message came, and none will; null when that is fine. */
  @Nullable Denial ofNothing() {
    return messages == 0 ? ofMethod() : null;
  }

  /** The model of the first message, to be charged; throws what the application's code threw. */
  String model() throws Throwable {
    if (failed != null) {
      throw failed;
    }
    return model;
  }

  /** The model cannot be determined: a matter for keys that may use some only. */
  private @Nullable Denial unnamed(boolean first, Throwable thrown) {
    if (first) {
      failed = thrown;
    }
    if (isForAllModels()) {
      return first ? reserve(metering.model(), null) : null;
    }
    faults.once(
        "a message was refused with UNAVAILABLE, since its model cannot be determined", thrown);
    return Denial.UNAVAILABLE;
  }

  private boolean isForAllModels() {
    KeyDecision now = session.client().check(session.apiKey());
    return (now instanceof KeyDecision.Allowed allowed
            ? allowed.entitlements()
            : session.entitlements())
        .models()
        .isEmpty();
  }

  /** The first message, or the lack of one: what the call is going to use is set aside, too. */
  private @Nullable Denial decide(String named, @Nullable Q first) {
    Denial denied = decide(named);
    return denied == null ? reserve(named, first) : denied;
  }

  private @Nullable Denial reserve(String named, @Nullable Q first) {
    if (session.admitted() == null) {
      return null;
    }
    UsageEvent estimate;
    try {
      estimate = metering.estimated(session.caller(), named, first);
    } catch (Throwable thrown) {
      faults.once("the estimate of a call failed, and counts as 0", thrown);
      estimate = metering.estimated(session.caller(), named, null);
    }
    return session.reserve(estimate);
  }

  private @Nullable Denial decide(String named) {
    KeyDecision now = session.client().check(session.apiKey(), named);
    boolean allowed =
        now instanceof KeyDecision.Denied denied
            ? denied.reason() != DenialReason.MODEL_NOT_ALLOWED
                && session.entitlements().allowsModel(named)
            : true;
    return allowed ? null : Denial.NOT_ALLOWED;
  }
}
