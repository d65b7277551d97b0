package io.billingsdk.grpc;

import io.billingsdk.Caller;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageContext;
import io.billingsdk.UsageEvent;
import io.grpc.Context;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The caller of the present call and its end user, carried in the gRPC {@link Context}; and the
 * reports that are charged to that caller.
 *
 * <p>The caller is there on the threads on which gRPC calls the handler. Work that is handed to
 * another thread, virtual ones included, keeps it if it goes through {@link Context#wrap(Runnable)
 * Context.current().wrap} or {@link Context#currentContextExecutor}, which carry the whole context:
 * deadline and cancellation too.
 *
 * <p>Thread-safe. No method throws.
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

  /**
   * The caller of the present call; empty outside of a call and in one that is exempt from keys.
   */
  public static Optional<Caller> caller() {
    BillingSession session = session();
    return session == null ? Optional.empty() : Optional.of(session.caller());
  }

  /**
   * The end user, session and execution of the present call; {@link UsageContext#EMPTY} when none
   * was set.
   */
  public static UsageContext usage() {
    UsageContext usage = USAGE.get();
    return usage == null ? UsageContext.EMPTY : usage;
  }

  /**
   * The present context with this end user: each event that is reported in it gets this subject,
   * unless the event names another one. An interceptor passes it to {@link
   * io.grpc.Contexts#interceptCall}, a handler runs work in it.
   *
   * <p>The events of a {@link MeteringInterceptor} get the context set outside of it: let the
   * interceptor that knows the end user run before the metering.
   *
   * @param subject 1 to 256 characters; anything else is left out, see {@link UsageContext}
   */
  public static Context withSubject(@Nullable String subject) {
    return with(usage().withSubject(subject));
  }

  /** Like {@link #withSubject}, for a session of the end user. */
  public static Context withSession(@Nullable String session) {
    return with(usage().withSession(session));
  }

  /** Like {@link #withSubject}, for an execution of your application. */
  public static Context withExecution(@Nullable String execution) {
    return with(usage().withExecution(execution));
  }

  /** The present context with this usage context in place of the former one. */
  public static Context with(UsageContext usage) {
    return Context.current().withValue(USAGE, usage);
  }

  /** Calls {@link #reportUsage(String, String, double, Map)} without metadata. */
  public static ReportOutcome reportUsage(
      @Nullable String module, @Nullable String model, double usage) {
    return reportUsage(module, model, usage, null);
  }

  /**
   * Reports that the present call used something now. Does not wait, and does not throw.
   *
   * <p>It refuses no model: usage that happened is charged, even if the key of the caller does not
   * permit the model. A {@link MeteringInterceptor} refuses such calls before they use anything.
   *
   * @param module what kind of service, for example {@code llm}
   * @param model which one, for example {@code gpt-4}
   * @param usage how much, in the unit of the module
   * @param metadata more about it; see {@link UsageEvent} for the bounds
   * @return rejected, with the field {@code caller}, when there is no caller
   */
  public static ReportOutcome reportUsage(
      @Nullable String module,
      @Nullable String model,
      double usage,
      @Nullable Map<String, ?> metadata) {
    BillingSession session = session();
    if (session == null) {
      return ReportOutcome.Rejected.of(
          RejectionReason.INVALID,
          "caller",
          "caller must be in the gRPC context: is the call exempt, or on a thread without it?");
    }
    UsageEvent event = UsageEvent.by(session.caller(), module, model, usage);
    return session.report(event.withMetadata(metadata));
  }

  static @Nullable BillingSession session() {
    return SESSION.get();
  }
}
