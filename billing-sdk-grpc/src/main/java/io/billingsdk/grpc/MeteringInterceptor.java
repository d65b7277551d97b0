package io.billingsdk.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the usage of calls: each call of a metered method that was let in with a caller creates
 * exactly one final usage event, however it ends.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li><b>One final event per call</b>, from whatever ends it first: the handler by a status or by
 *       an exception, the client, its deadline, the transport, a shutdown, a revocation. A call
 *       without a charge creates an event of 0, so that calls can be counted.
 *   <li><b>Only sent responses count.</b> A response counts when gRPC has taken it and the call was
 *       not cancelled by then.
 *   <li><b>The call is left alone.</b> An extractor that throws, even an {@link Error}, changes no
 *       call; the log reports it.
 *   <li><b>Models are enforced.</b> A call whose key may not be used for the model that it is
 *       charged as, or that one of its requests names, ends with PERMISSION_DENIED and the reason
 *       {@code API_KEY_SERVICE_BLOCKED}. The handler does not see that request.
 *   <li><b>Quotas are enforced.</b> What a call is going to use, by {@link Metering#estimateFrom},
 *       is set aside before its handler sees the first request. A call for which too little is left
 *       ends with RESOURCE_EXHAUSTED and the reason {@code RESOURCE_QUOTA_EXCEEDED}. Its usage is
 *       settled when it ends: less goes back, and more is taken all the same.
 *   <li>A long stream may be settled on the way: the sum of its events is its usage.
 * </ul>
 *
 * <p>The metadata of an event:
 *
 * <table>
 *   <caption>Metadata</caption>
 *   <tr><td>method</td><td>full method name</td></tr>
 *   <tr><td>status</td><td>the code by which the call ended, as gRPC names it; {@code OPEN} in an
 *       interim event</td></tr>
 *   <tr><td>settlement</td><td>{@code final}, or {@code interim}</td></tr>
 *   <tr><td>part</td><td>number of the event in its call, from 1; when there is more than one</td>
 *       </tr>
 *   <tr><td>requests, responses</td><td>messages until then</td></tr>
 *   <tr><td>duration_ms</td><td>since the call began</td></tr>
 *   <tr><td>measured</td><td>{@code false} when the extractor failed; otherwise absent</td></tr>
 * </table>
 *
 * <p>A cancellation has no status of its own. It counts as DEADLINE_EXCEEDED when the call's
 * deadline is over or within 10 ms; otherwise with the cause that cancelled its context, or as
 * CANCELLED without one.
 *
 * <p>The model is the one given to {@link Metering#of}, checked before the handler is entered, or,
 * with {@link Metering#modelFrom}, the one that a request names, checked when that request comes. A
 * call that is refused at its first request creates no event. A stream that names another model
 * later is charged until then, as if it were cancelled. When {@code modelFrom} throws, a key that
 * is limited to some models is refused with UNAVAILABLE.
 *
 * <p>It does not report calls that the key check refused, nor calls without a caller. Without
 * {@link MeteringInterceptorBuilder#strict} an event that the client's buffer rejects is counted
 * there, and the call goes on.
 *
 * <p>It must run inside the key check: {@code intercept(metering).intercept(keys)} on a {@code
 * ServerBuilder}, {@code ServerInterceptors.intercept(service, metering, keys)} for a service. A
 * metered call that has not passed a key check ends with INTERNAL, since it would cost nothing.
 *
 * <p>Thread-safe.
 */
public final class MeteringInterceptor implements ServerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(Revocations.LOGGER);

  private final Map<String, Metering<?, ?>> methods;
  private final MeteringRules rules;
  private final IntervalCharge interval;
  private final LongSupplier nanoTime;
  private final Decisions decisions;
  private final FaultLog faults;
  private final FailClosed failClosed;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  MeteringInterceptor(
      Map<String, Metering<?, ?>> methods,
      MeteringRules rules,
      IntervalCharge interval,
      Decisions decisions,
      FaultLog faults,
      LongSupplier nanoTime) {
    this.methods = methods;
    this.rules = rules;
    this.interval = interval;
    this.decisions = decisions;
    this.faults = faults;
    this.failClosed = new FailClosed(faults);
    this.nanoTime = nanoTime;
  }

  /** A builder. */
  public static MeteringInterceptorBuilder builder() {
    return new MeteringInterceptorBuilder();
  }

  @Override
  @SuppressWarnings("unchecked") // The builder ties a method's types to those of its metering.
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Metering<Q, R> metering = (Metering<Q, R>) methods.get(method);
    BillingSession session = BillingContext.session();
    if (metering == null || (session == null && BillingContext.CHECKED.get() != null)) {
      return next.startCall(call, headers);
    }
    if (session == null) {
      return refuse(call, method);
    }
    ModelCheck<Q> models = new ModelCheck<>(metering, session, faults);
    try {
      Denial denied = metering.asksRequests() ? null : models.ofMethod();
      if (denied != null) {
        decisions.denied(call.getMethodDescriptor(), session.caller(), denied);
        return failClosed.refuse(call, denied);
      }
    } catch (Throwable failed) {
      ServerCall.Listener<Q> deaf = failClosed.end(call, failed);
      decisions.denied(call.getMethodDescriptor(), session.caller(), Denial.UNAVAILABLE);
      return deaf;
    }
    return start(call, headers, next, new Metered<>(method, metering, session, models));
  }

  /** The state of a call that is metered. */
  private record Metered<Q, R>(
      String method, Metering<Q, R> metering, BillingSession session, ModelCheck<Q> models) {}

  private <Q, R> ServerCall.Listener<Q> start(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next, Metered<Q, R> what) {
    CallAccount<Q, R> account =
        new CallAccount<>(what.method(), what.metering(), what.session(), rules, faults, nanoTime);
    ModelGate<Q, R> gate =
        what.metering().asksRequests()
            ? new ModelGate<>(call, what.models(), faults, denied -> tell(call, what, denied))
            : null;
    MeteredCall<Q, R> metered =
        new MeteredCall<>(gate == null ? call : gate.call(), account, rules.strict(), failClosed);
    Runnable endOfInterval = beginInterval(call, account);
    try {
      ServerCall.Listener<Q> handler =
          gate == null ? next.startCall(metered, headers) : gate.start(metered, headers, next);
      return new MeteredListener<>(handler, account, gate, endOfInterval);
    } catch (RuntimeException | Error failed) {
      // gRPC ends such a call past its interceptors.
      endOfInterval.run();
      account.endByHandler(Status.Code.UNKNOWN);
      throw failed;
    }
  }

  private void tell(ServerCall<?, ?> call, Metered<?, ?> what, Denial denied) {
    decisions.denied(call.getMethodDescriptor(), what.session().caller(), denied);
  }

  private Runnable beginInterval(ServerCall<?, ?> call, CallAccount<?, ?> account) {
    if (call.getMethodDescriptor().getType() == MethodType.UNARY) {
      return () -> {};
    }
    try {
      return interval.begin(account::settleByTime);
    } catch (RuntimeException | Error failed) {
      // For want of a thread, say: then the call is settled at its end.
      faults.once("a stream is not settled at intervals", failed);
      return () -> {};
    }
  }

  private <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, String method) {
    if (warned.add(method)) {
      log.error(
          "{} is metered but has not passed a key check: put the metering inside the key check",
          method);
    }
    call.close(Status.INTERNAL.withDescription("metering is not set up"), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
