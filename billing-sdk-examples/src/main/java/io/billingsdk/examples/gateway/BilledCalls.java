package io.billingsdk.examples.gateway;

import io.billingsdk.Caller;
import io.billingsdk.ReportOutcome;
import io.billingsdk.grpc.BillingContext;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the work of a call and bills it exactly once: what it used when it succeeds, the minimum
 * when it fails.
 *
 * <p>A call without a caller is a mistake in the wiring: it is answered with INTERNAL before any
 * work is done, since nobody could be charged for it.
 */
final class BilledCalls {
  private static final Logger log = LoggerFactory.getLogger(BilledCalls.class);

  /** The work of a call: sends its messages, but does not end the call, and says what it costs. */
  interface Work {
    Charge run() throws BadInput;
  }

  void run(Offer offer, String model, StreamObserver<?> call, Work work) {
    Caller caller = BillingContext.caller().orElse(null);
    if (caller == null) {
      log.error("a call reached {} without a caller: the interceptor is missing", offer.module());
      call.onError(Status.INTERNAL.withDescription("no caller").asRuntimeException());
      return;
    }
    keepQuietAfterCancel(call);
    Charge charge;
    Status status;
    try {
      offer.requireKnown(model);
      charge = work.run();
      status = Status.OK;
    } catch (BadInput bad) {
      charge = Charge.failed(offer, model, bad.errorType());
      status = Status.INVALID_ARGUMENT.withDescription(bad.text());
    } catch (RuntimeException bug) {
      log.error("{} failed", offer.module(), bug);
      charge = Charge.failed(offer, model, "internal");
      status = Status.INTERNAL.withDescription("the work failed");
    }
    bill(caller, charge);
    end(call, status);
  }

  private void bill(Caller caller, Charge charge) {
    ReportOutcome outcome =
        BillingContext.reportUsage(
            charge.module(), charge.model(), charge.usage(), charge.metadata());
    if (outcome instanceof ReportOutcome.Rejected refused) {
      log.warn("usage of {} was not taken: {}", caller, refused);
    }
  }

  private static void end(StreamObserver<?> call, Status status) {
    if (status.isOk()) {
      call.onCompleted();
    } else {
      call.onError(status.asRuntimeException());
    }
  }

  /** Without a handler of its own a call that the client left throws out of {@code onNext}. */
  private static void keepQuietAfterCancel(StreamObserver<?> call) {
    if (call instanceof ServerCallStreamObserver<?> server) {
      server.setOnCancelHandler(() -> {});
    }
  }
}
