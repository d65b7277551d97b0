package io.billingsdk.grpc;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps from the handler of one call each message that names a model which the key may not use, and
 * ends the call then. The handler may be sending meanwhile, so the end goes through a {@link
 * RevocableCall}; it hears that it was cancelled.
 */
final class ModelGate<Q, R> {
  private static final Logger log = LoggerFactory.getLogger(Revocations.LOGGER);

  private final ModelCheck<Q> models;
  private final FaultLog faults;
  private final Consumer<Denial> onRefusal;
  private final RevocableCall<Q, R> guarded;

  /** What the handler has asked of others for this call; null where it sees whole requests only. */
  private final @Nullable CancellableContext context;

  /**
   * A gate.
   *
   * @param onRefusal called once, when the call is refused; throws nothing
   */
  ModelGate(
      ServerCall<Q, R> call, ModelCheck<Q> models, FaultLog faults, Consumer<Denial> onRefusal) {
    this.models = models;
    this.faults = faults;
    this.onRefusal = onRefusal;
    CancellableContext ofStream =
        call.getMethodDescriptor().getType() == MethodType.UNARY
            ? null
            : Context.current().withCancellation();
    this.context = ofStream;
    this.guarded =
        new RevocableCall<>(
            call,
            why -> {
              if (ofStream != null) {
                ofStream.cancel(why.asException());
              }
            });
  }

  /** The call, for the handler and what is around it. */
  RevocableCall<Q, R> call() {
    return guarded;
  }

  ModelCheck<Q> models() {
    return models;
  }

  /** Starts the handler; what it hears goes through this gate. */
  ServerCall.Listener<Q> start(
      ServerCall<Q, R> metered, Metadata headers, ServerCallHandler<Q, R> next) {
    if (context == null) {
      return new RevocableListener<>(next.startCall(metered, headers), guarded, () -> {}, log);
    }
    Runnable onEnd = () -> context.cancel(null);
    try {
      return new RevocableListener<>(
          Contexts.interceptCall(context, metered, headers, next), guarded, onEnd, log);
    } catch (RuntimeException | Error failed) {
      onEnd.run();
      throw failed;
    }
  }

  /** Whether a message may go on; when not, the call has ended, or is about to. */
  boolean admits(Q message, CallAccount<Q, R> account) {
    return admits(() -> models.of(message), account);
  }

  /** The same at the end of the messages, for a call that has named none. */
  boolean admitsEnd(CallAccount<Q, R> account) {
    return admits(models::ofNothing, account);
  }

  private boolean admits(Check check, CallAccount<Q, R> account) {
    if (guarded.isRevoked()) {
      return false;
    }
    try {
      Denial denied = check.denial();
      if (denied == null) {
        return true;
      }
      refuse(denied, account);
    } catch (Throwable failed) {
      faults.once("a message was refused with UNAVAILABLE, since its check failed", failed);
      refuse(Denial.UNAVAILABLE, account);
      FailClosed.rethrowIfFatal(failed);
    }
    return false;
  }

  private void refuse(Denial why, CallAccount<Q, R> account) {
    if (guarded.revoke(why)) {
      if (models.isFirst()) {
        account.discard();
      } else {
        account.endFromOutside(why.code());
      }
      onRefusal.accept(why);
    }
  }

  private interface Check {
    @Nullable Denial denial();
  }
}
