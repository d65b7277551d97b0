package io.billingsdk.grpc;

import io.billingsdk.Caller;
import io.billingsdk.UsageContext;
import io.grpc.Context;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The caller of the present call, and for whom it calls, carried in the gRPC {@link Context}.
 *
 * <p>It is there on the threads on which gRPC calls the handler. Work that is handed to another
 * thread, virtual ones included, keeps it if it goes through {@link #wrap(Runnable)} or {@link
 * #executor}, which carry the whole context: deadline and cancellation too.
 */
public final class BillingContext {
  static final Context.Key<BillingSession> SESSION = Context.key("billing-session");

  /** Set where a key check has let a call in without a caller. */
  static final Context.Key<Boolean> CHECKED = Context.key("billing-checked");

  /** For whom something is used, beyond the caller. */
  private static final Context.Key<UsageContext> USAGE = Context.key("billing-usage");

  static {
    // From here on each client finds it, whichever way an event is reported.
    UsageContext.addSource(USAGE::get);
  }

  private BillingContext() {}

  /** Who makes the present call; empty outside of a call and in one that is exempt from keys. */
  public static Optional<Caller> caller() {
    BillingSession session = session();
    return session == null ? Optional.empty() : Optional.of(session.caller());
  }

  /** For whom the present call uses something; {@link UsageContext#EMPTY} when nobody has said. */
  public static UsageContext usage() {
    UsageContext usage = USAGE.get();
    return usage == null ? UsageContext.EMPTY : usage;
  }

  /**
   * The present context for this end user: each event that is reported in it says so, unless the
   * event names another one. An interceptor passes it to {@link io.grpc.Contexts#interceptCall}, a
   * handler runs work in it.
   *
   * <p>The events of a {@link MeteringInterceptor} say what was set outside of it: the interceptor
   * that knows the end user runs before the metering.
   *
   * @param subject 1 to 256 characters; anything else is left out, see {@link UsageContext}
   */
  public static Context withSubject(@Nullable String subject) {
    return with(usage().withSubject(subject));
  }

  /** As {@link #withSubject}, for a session of the end user. */
  public static Context withSession(@Nullable String session) {
    return with(usage().withSession(session));
  }

  /** As {@link #withSubject}, for an execution of your application. */
  public static Context withExecution(@Nullable String execution) {
    return with(usage().withExecution(execution));
  }

  /** The present context for all that {@code usage} says, in place of what it said before. */
  public static Context with(UsageContext usage) {
    return Context.current().withValue(USAGE, usage);
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
