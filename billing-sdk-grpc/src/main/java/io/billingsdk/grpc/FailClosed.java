package io.billingsdk.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * Ends calls that cannot be decided, with UNAVAILABLE: gRPC would make UNKNOWN of what an
 * interceptor throws, and nobody would know why. Thread-safe.
 */
final class FailClosed {
  private final FaultLog faults;

  FailClosed(FaultLog faults) {
    this.faults = faults;
  }

  /**
   * Ends a call whose check has failed.
   *
   * @return hears nothing more of it
   */
  <Q> ServerCall.Listener<Q> end(ServerCall<Q, ?> call, Throwable failed) {
    faults.once("a call was refused with UNAVAILABLE, since its check failed", failed);
    ServerCall.Listener<Q> deaf = unavailable(call);
    rethrowIfFatal(failed);
    return deaf;
  }

  /** Ends a call with this refusal, or, when that itself fails, with UNAVAILABLE. */
  <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Denial why) {
    try {
      why.close(call);
      return new Deaf<>();
    } catch (RuntimeException | Error failed) {
      faults.once("a refusal could not be sent as it should be", failed);
      return plainly(call);
    }
  }

  private <Q> ServerCall.Listener<Q> unavailable(ServerCall<Q, ?> call) {
    try {
      Denial.UNAVAILABLE.close(call);
      return new Deaf<>();
    } catch (RuntimeException | Error failed) {
      return plainly(call);
    }
  }

  private static <Q> ServerCall.Listener<Q> plainly(ServerCall<Q, ?> call) {
    try {
      call.close(Status.UNAVAILABLE, new Metadata());
    } catch (RuntimeException | Error ended) {
      // By the attempt before it, or by the transport.
    }
    return new Deaf<>();
  }

  /**
   * A JVM without memory is the application's to end. A stack that was too deep is this call's
   * alone.
   */
  static void rethrowIfFatal(Throwable failed) {
    if (failed instanceof VirtualMachineError fatal && !(failed instanceof StackOverflowError)) {
      throw fatal;
    }
  }

  private static final class Deaf<Q> extends ServerCall.Listener<Q> {}
}
