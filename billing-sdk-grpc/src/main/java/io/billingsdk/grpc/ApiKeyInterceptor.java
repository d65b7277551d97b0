package io.billingsdk.grpc;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.KeyDecision;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Lets a call through only if its metadata carries an API key that may be used.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li><b>Before anything else.</b> The decision is made from memory before the handler is
 *       entered. A refused call never reaches it.
 *   <li><b>Closed when in doubt.</b> No client, no key table, or one that is too old: the call ends
 *       with UNAVAILABLE. So does a call on which the decision itself fails.
 *   <li><b>Nothing is told.</b> Descriptions are fixed texts; neither the key nor anything else
 *       that the caller sent is echoed. An unknown and a malformed key are refused alike.
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
 *   <tr><td>cannot be told; RetryInfo of one second</td><td>UNAVAILABLE</td>
 *       <td>KEY_STATUS_UNAVAILABLE</td></tr>
 * </table>
 *
 * <p>A call that was let through has its {@link io.billingsdk.Caller} in the gRPC context: see
 * {@link BillingContext}. It is not revoked when its key is blocked while it runs.
 *
 * <p>Thread-safe and stateless. {@code ServerInterceptors.intercept(service, a, b)} runs {@code b}
 * first: put this one after tracing and before what belongs to the business.
 */
public final class ApiKeyInterceptor implements ServerInterceptor {
  private final Supplier<Optional<BillingClient>> client;
  private final Predicate<MethodDescriptor<?, ?>> exempt;
  private final KeyHeaders headers;

  ApiKeyInterceptor(
      Supplier<Optional<BillingClient>> client,
      Predicate<MethodDescriptor<?, ?>> exempt,
      KeyHeaders headers) {
    this.client = client;
    this.exempt = exempt;
    this.headers = headers;
  }

  /** With {@link Billing#client()}, the usual headers and the usual exemptions. */
  public static ApiKeyInterceptor create() {
    return builder().build();
  }

  /** A builder with the defaults of {@link #create}. */
  public static ApiKeyInterceptorBuilder builder() {
    return new ApiKeyInterceptorBuilder();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
    Admission admission = admit(call.getMethodDescriptor(), metadata);
    if (admission instanceof Refused refused) {
      refused.denial().close(call);
      return new ServerCall.Listener<>() {};
    }
    if (admission instanceof Admitted admitted) {
      Context context = Context.current().withValue(BillingContext.SESSION, admitted.session());
      return Contexts.interceptCall(context, call, metadata, next);
    }
    return next.startCall(call, metadata);
  }

  private Admission admit(MethodDescriptor<?, ?> method, Metadata metadata) {
    try {
      return exempt.test(method) ? new Exempt() : check(metadata);
    } catch (RuntimeException failed) {
      // A client or a predicate of the application that throws must not let anybody in.
      return new Refused(Denial.UNAVAILABLE);
    }
  }

  private Admission check(Metadata metadata) {
    KeyHeaders.Presented presented = headers.read(metadata);
    if (presented.ambiguous()) {
      return new Refused(Denial.INVALID);
    }
    if (presented.apiKey() == null) {
      return new Refused(Denial.MISSING);
    }
    Optional<BillingClient> current = client.get();
    if (current.isEmpty()) {
      return new Refused(Denial.UNAVAILABLE);
    }
    KeyDecision decision = current.get().check(presented.apiKey());
    if (decision instanceof KeyDecision.Allowed allowed) {
      return new Admitted(new BillingSession(allowed.caller(), current.get()));
    }
    return new Refused(Denial.of((KeyDecision.Denied) decision));
  }

  /** What was decided about a call. */
  private sealed interface Admission {}

  private record Exempt() implements Admission {}

  private record Admitted(BillingSession session) implements Admission {}

  private record Refused(Denial denial) implements Admission {}
}
