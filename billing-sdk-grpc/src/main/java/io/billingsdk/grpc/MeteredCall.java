package io.billingsdk.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** Counts responses, and sees the handler end the call. */
final class MeteredCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private final CallAccount<Q, R> account;
  private final boolean strict;
  private final FailClosed failClosed;

  MeteredCall(
      ServerCall<Q, R> call, CallAccount<Q, R> account, boolean strict, FailClosed failClosed) {
    super(call);
    this.account = account;
    this.strict = strict;
    this.failClosed = failClosed;
  }

  @Override
  public void sendMessage(R message) {
    super.sendMessage(message);
    // After it: what a cancelled or revoked call swallowed was not sent.
    if (!isCancelled()) {
      account.response(message);
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (delegate() instanceof RevocableCall<?, ?> guarded && guarded.isRevoked()) {
      return; // Refused for its model: that is an end of its own.
    }
    if (!strict) {
      account.endByHandler(status.getCode());
      super.close(status, trailers);
      return;
    }
    var unused =
        account
            .endByHandlerDurably(status.getCode())
            .whenComplete((nothing, failed) -> closeStrictly(status, trailers, failed == null));
  }

  /** On a thread of the client; the handler is done with the call. */
  private void closeStrictly(Status status, Metadata trailers, boolean durable) {
    if (durable || !status.isOk()) {
      try {
        super.close(status, trailers);
      } catch (RuntimeException | Error failed) {
        // Out of here it would vanish, and the call hang.
        var unused = failClosed.end(delegate(), failed);
      }
    } else {
      var unused = failClosed.refuse(delegate(), Denial.USAGE_NOT_DURABLE);
    }
  }
}
