package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Admission.Admitted;
import io.billingsdk.Entitlements;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.math.BigDecimal;

/**
 * A call for which something was set aside. Outside of everything else that looks at it: the part
 * that is not used when all others are done goes back.
 */
final class AdmittedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  static final Metadata.Key<String> REMAINING =
      Metadata.Key.of("billing-quota-remaining", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> RESET =
      Metadata.Key.of("billing-quota-reset", Metadata.ASCII_STRING_MARSHALLER);

  private final Admitted admitted;
  private final boolean tells;
  private final FaultLog faults;

  /**
   * A call around another one.
   *
   * @param tells whether the trailers say how the quotas stand
   */
  AdmittedCall(ServerCall<Q, R> call, BillingSession session, boolean tells, FaultLog faults) {
    super(call);
    this.admitted = requireNonNull(session.admitted(), "admitted");
    this.tells = tells;
    this.faults = faults;
  }

  /** What the handler hears of it goes through here. */
  ServerCall.Listener<Q> listener(ServerCall.Listener<Q> handler) {
    return new Ending<>(handler, admitted);
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (tells) {
      try {
        admitted.quotas().forEach(each -> tell(each, trailers));
      } catch (RuntimeException | Error failed) {
        // Trailers are not worth a call that never ends.
        faults.once("the trailers of a call do not say how its quotas stand", failed);
      }
    }
    super.close(status, trailers);
  }

  private static void tell(Entitlements.Quota quota, Metadata trailers) {
    BigDecimal remaining = quota.limit().subtract(quota.used()).max(BigDecimal.ZERO);
    String shown = remaining.signum() == 0 ? "0" : remaining.stripTrailingZeros().toPlainString();
    trailers.put(REMAINING, quota.meter() + "=" + shown);
    if (quota.resetsAt() != null) {
      trailers.put(RESET, quota.meter() + "=" + quota.resetsAt());
    }
  }

  /** Gives back what is left, after all others have heard of the end. */
  private static final class Ending<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Admitted admitted;

    Ending(ServerCall.Listener<Q> handler, Admitted admitted) {
      super(handler);
      this.admitted = admitted;
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        admitted.close();
      }
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        admitted.close();
      }
    }
  }
}
