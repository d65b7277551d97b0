package io.billingsdk.grpc;

import io.billingsdk.Caller;
import io.grpc.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The caller of the present call, carried in the gRPC {@link Context}.
 *
 * <p>It is there on the threads on which gRPC calls the handler. Work that is handed to another
 * thread keeps it if it goes through {@link Context#wrap(Runnable)} or {@link
 * Context#currentContextExecutor}.
 */
public final class BillingContext {
  static final Context.Key<BillingSession> SESSION = Context.key("billing-session");

  private BillingContext() {}

  /** Who makes the present call; empty outside of a call and in one that is exempt from keys. */
  public static Optional<Caller> caller() {
    BillingSession session = session();
    return session == null ? Optional.empty() : Optional.of(session.caller());
  }

  static @Nullable BillingSession session() {
    return SESSION.get();
  }
}
