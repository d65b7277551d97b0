package io.billingsdk.grpc;

import io.billingsdk.Caller;
import io.grpc.Context;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The caller of the present call, carried in the gRPC {@link Context}.
 *
 * <p>It is there on the threads on which gRPC calls the handler. Work that is handed to another
 * thread, virtual ones included, keeps it if it goes through {@link #wrap(Runnable)} or {@link
 * #executor}, which carry the whole context: deadline and cancellation too.
 */
public final class BillingContext {
  static final Context.Key<BillingSession> SESSION = Context.key("billing-session");

  /** Set where a key check has let a call in without a caller. */
  static final Context.Key<Boolean> CHECKED = Context.key("billing-checked");

  private BillingContext() {}

  /** Who makes the present call; empty outside of a call and in one that is exempt from keys. */
  public static Optional<Caller> caller() {
    BillingSession session = session();
    return session == null ? Optional.empty() : Optional.of(session.caller());
  }

  /** The work with the present call around it, for any thread. */
  public static Runnable wrap(Runnable work) {
    return Context.current().wrap(work);
  }

  /** The work with the present call around it, for any thread. */
  public static <T> Callable<T> wrap(Callable<T> work) {
    return Context.current().wrap(work);
  }

  /** An executor that runs each task with the call around it in which it was handed over. */
  public static Executor executor(Executor executor) {
    return Context.currentContextExecutor(executor);
  }

  static @Nullable BillingSession session() {
    return SESSION.get();
  }
}
