package io.billingsdk.grpc;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.Admission.Refused;
import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call through only if its metadata carries an API key that may be used.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li><b>Before anything else.</b> The decision is made from memory before the handler is
 *       entered. A refused call never reaches it.
 *   <li><b>Closed when in doubt.</b> No client, no key table, or one that is too old: the call ends
 *       with UNAVAILABLE. So does a call on which the decision itself fails, also by an {@link
 *       Error} such as a class that is missing. The log says so once for each kind.
 *   <li><b>Nothing leaks.</b> Descriptions are fixed texts; neither the key nor anything else that
 *       the caller sent is echoed. An unknown and a malformed key are refused alike.
 * </ul>
 *
 * <p>A refusal carries {@code google.rpc.ErrorInfo} with the domain {@code billing-sdk}:
 *
 * <table>
 *   <caption>Refusals</caption>
 *   <tr><th>case</th><th>status</th><th>reason</th></tr>
 *   <tr><td>no key</td><td>UNAUTHENTICATED</td><td>CREDENTIALS_MISSING</td></tr>
 *   <tr><td>malformed, unknown, or two different keys</td><td>UNAUTHENTICATED</td>
 *       <td>API_KEY_INVALID</td></tr>
 *   <tr><td>blocked; the operator's reason in the metadata</td><td>PERMISSION_DENIED</td>
 *       <td>CONSUMER_SUSPENDED</td></tr>
 *   <tr><td>not for this model, by a {@link MeteringInterceptor}</td><td>PERMISSION_DENIED</td>
 *       <td>API_KEY_SERVICE_BLOCKED</td></tr>
 *   <tr><td>too often; RetryInfo with the exact delay</td><td>RESOURCE_EXHAUSTED</td>
 *       <td>RATE_LIMIT_EXCEEDED</td></tr>
 *   <tr><td>quota used up; QuotaFailure with the meter, RetryInfo until it begins again</td>
 *       <td>RESOURCE_EXHAUSTED</td><td>RESOURCE_QUOTA_EXCEEDED</td></tr>
 *   <tr><td>the key cannot be checked now, or its quota or rate has not come yet; RetryInfo of one
 *       second at most</td><td>UNAVAILABLE</td>
 *       <td>KEY_STATUS_UNAVAILABLE</td></tr>
 * </table>
 *
 * <p>A call that was let through has its {@link io.billingsdk.Caller} in the gRPC context: see
 * {@link BillingContext}. When its key is blocked while it runs, a streaming call ends with the
 * same refusal, unless {@link OnRevoke#LET_FINISH} is set; a unary one finishes. A handler that
 * does not return from a callback learns of it when it returns, or from its {@code Context}, which
 * is cancelled.
 *
 * <p>Every call counts against the rate of its key and its quota of {@code calls}: see {@link
 * BillingClient#admit(String)}. A {@link MeteringInterceptor} inside asks for the rest. A call of a
 * key with quotas that reports nothing gives back what was set aside for it.
 *
 * <p>The first of these that has a rule for a method decides: a pattern with its name, a pattern
 * with its service's name, predicates in the order in which they were given, {@link RequireApiKey},
 * the options of its {@code .proto}. Without a rule, health and reflection demand nothing, and all
 * others a key.
 *
 * <p>Thread-safe. {@code ServerInterceptors.intercept(service, a, b)} runs {@code b} first: put
 * this one after tracing and before what belongs to the business, {@link MeteringInterceptor}
 * included.
 */
public final class ApiKeyInterceptor implements ServerInterceptor {
  private final Supplier<Optional<BillingClient>> client;
  private final Policies policies;
  private final int annotationsAt;
  private final KeyHeaders headers;
  private final @Nullable Revocations revocations;
  private final Decisions decisions;
  private final boolean quotaTrailers;
  private final FaultLog faults = new FaultLog();
  private final FailClosed failClosed = new FailClosed(faults);

  /** Whether it is around one service, and another may be around the server. */
  private final boolean annotated;

  /**
   * An interceptor.
   *
   * @param annotationsAt the place among the rules of those of annotations
   * @param revocations null to let every call finish
   * @param quotaTrailers whether calls end with how their quotas stand
   */
  ApiKeyInterceptor(
      Supplier<Optional<BillingClient>> client,
      Policies policies,
      int annotationsAt,
      KeyHeaders headers,
      @Nullable Revocations revocations,
      Decisions decisions,
      boolean quotaTrailers,
      boolean annotated) {
    this.client = client;
    this.policies = policies;
    this.annotationsAt = annotationsAt;
    this.headers = headers;
    this.revocations = revocations;
    this.decisions = decisions;
    this.quotaTrailers = quotaTrailers;
    this.annotated = annotated;
  }

  /** With {@link Billing#client()}, the usual headers and the usual exemptions. */
  public static ApiKeyInterceptor create() {
    return builder().build();
  }

  /** A builder with the defaults of {@link #create}. */
  public static ApiKeyInterceptorBuilder builder() {
    return new ApiKeyInterceptorBuilder();
  }

  /** The same, with the annotations of one service. */
  ApiKeyInterceptor with(PolicyRule annotations) {
    return new ApiKeyInterceptor(
        client,
        policies.with(annotationsAt, annotations),
        annotationsAt,
        headers,
        revocations,
        decisions,
        quotaTrailers,
        /* annotated= */ true);
  }

  /** For tests: the open calls. */
  @Nullable LiveCalls liveCalls() {
    return revocations == null ? null : revocations.live();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
    KeyCheck decided;
    try {
      if (annotated && BillingContext.session() != null) {
        decided = KeyCheck.Checked.INSTANCE;
      } else {
        decided = decide(call.getMethodDescriptor(), metadata);
        decisions.tell(call.getMethodDescriptor(), decided);
      }
    } catch (Throwable failed) {
      // A client or a predicate that throws must not let anybody in, nor a library that is missing.
      ServerCall.Listener<Q> deaf = failClosed.end(call, failed);
      decisions.denied(call.getMethodDescriptor(), null, Denial.UNAVAILABLE);
      return deaf;
    }
    return decided instanceof BillingSession session && session.admitted() != null
        ? proceedAdmitted(session, session.admitted(), call, metadata, next)
        : proceed(decided, call, metadata, next);
  }

  /** The reservation of a call goes back when it ends, also when it never begins. */
  private <Q, R> ServerCall.Listener<Q> proceedAdmitted(
      BillingSession session,
      Admitted admitted,
      ServerCall<Q, R> call,
      Metadata metadata,
      ServerCallHandler<Q, R> next) {
    AdmittedCall<Q, R> around = new AdmittedCall<>(call, session, quotaTrailers, faults);
    try {
      return around.listener(proceed(session, around, metadata, next));
    } catch (RuntimeException | Error failed) {
      admitted.close();
      throw failed;
    }
  }

  private <Q, R> ServerCall.Listener<Q> proceed(
      KeyCheck decided, ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
    if (decided instanceof BillingSession session) {
      if (revocations != null && call.getMethodDescriptor().getType() != MethodType.UNARY) {
        return revocations.start(session, call, metadata, next, failClosed);
      }
      Context context = Context.current().withValue(BillingContext.SESSION, session);
      return Contexts.interceptCall(context, call, metadata, next);
    }
    if (decided instanceof Denial denial) {
      return failClosed.refuse(call, denial);
    }
    if (decided == KeyCheck.Checked.INSTANCE) {
      return next.startCall(call, metadata);
    }
    Context context = Context.current().withValue(BillingContext.CHECKED, true);
    return Contexts.interceptCall(context, call, metadata, next);
  }

  private KeyCheck decide(MethodDescriptor<?, ?> method, Metadata metadata) {
    KeyPolicy policy = policies.of(method);
    return policy == KeyPolicy.NONE ? KeyCheck.WithoutKey.INSTANCE : check(metadata, policy);
  }

  private KeyCheck check(Metadata metadata, KeyPolicy policy) {
    String apiKey = headers.read(metadata);
    if (apiKey == null) {
      return policy == KeyPolicy.OPTIONAL ? KeyCheck.WithoutKey.INSTANCE : Denial.MISSING;
    }
    if (KeyHeaders.isAmbiguous(apiKey)) {
      return Denial.INVALID;
    }
    Optional<BillingClient> current = client.get();
    if (current.isEmpty()) {
      return Denial.UNAVAILABLE;
    }
    Admission answer = current.get().admit(apiKey);
    return answer instanceof Admitted admitted
        ? BillingSession.of(admitted, current.get(), apiKey)
        : Denial.of((Refused) answer);
  }
}
