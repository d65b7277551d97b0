package io.billingsdk.grpc;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends open streaming calls when their key is blocked. Thread-safe. */
final class Revocations implements BillingListener {
  static final String LOGGER = "io.billingsdk.Grpc";
  private static final Logger log = LoggerFactory.getLogger(LOGGER);

  private final LiveCalls live = new LiveCalls();

  /** The client whose listener this is. */
  private final AtomicReference<@Nullable BillingClient> watched = new AtomicReference<>();

  LiveCalls live() {
    return live;
  }

  /** Hands a call that was let through to its handler, and keeps it within reach. */
  <Q, R> ServerCall.Listener<Q> start(
      BillingSession session,
      ServerCall<Q, R> call,
      Metadata metadata,
      ServerCallHandler<Q, R> next,
      FailClosed failClosed) {
    CancellableContext context =
        Context.current().withValue(BillingContext.SESSION, session).withCancellation();
    // What the handler has asked of others for this call is of no use once it is revoked.
    RevocableCall<Q, R> guarded =
        new RevocableCall<>(call, why -> context.cancel(why.asException()));
    String keyId = session.caller().keyId();
    Runnable onEnd =
        () -> {
          live.remove(keyId, guarded);
          context.cancel(null);
        };
    try {
      enter(session, keyId, guarded);
    } catch (Throwable failed) {
      onEnd.run();
      return failClosed.end(call, failed);
    }
    return startUnlessRevoked(guarded, context, metadata, next, onEnd);
  }

  private void enter(BillingSession session, String keyId, RevocableCall<?, ?> guarded) {
    watch(session.client());
    live.add(keyId, guarded);
    // Blocked between the check and the entry above, it would be in nobody's sight.
    if (session.client().check(session.apiKey()) instanceof KeyDecision.Denied denied
        && denied.reason() == DenialReason.BLOCKED) {
      guarded.revoke(Denial.of(denied));
    }
  }

  @Override
  public void keyChanged(KeyChange change) {
    if (change.blocked()) {
      int revoked = live.revoke(change.caller().keyId(), Denial.blocked(change.reason()));
      if (revoked > 0) {
        log.info("{} open calls of {} are ended: it was blocked", revoked, change.caller());
      }
    }
  }

  private static <Q, R> ServerCall.Listener<Q> startUnlessRevoked(
      RevocableCall<Q, R> guarded,
      CancellableContext context,
      Metadata metadata,
      ServerCallHandler<Q, R> next,
      Runnable onEnd) {
    ServerCall.Listener<Q> handler = new ServerCall.Listener<>() {};
    try {
      if (!guarded.isRevoked()) {
        handler = Contexts.interceptCall(context, guarded, metadata, next);
      }
    } catch (RuntimeException | Error failed) {
      if (!guarded.isRevoked()) {
        onEnd.run();
        throw failed;
      }
    }
    return new RevocableListener<>(handler, guarded, onEnd, log);
  }

  private void watch(BillingClient client) {
    BillingClient before = watched.get();
    if (before != client && watched.compareAndSet(before, client)) {
      client.addListener(this);
    }
  }
}
