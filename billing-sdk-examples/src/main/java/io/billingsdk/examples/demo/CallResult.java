package io.billingsdk.examples.demo;

import io.billingsdk.examples.demo.PlannedCall.KeyUse;
import io.grpc.Status;

/** How a call ended. */
sealed interface CallResult {
  /** The planned call. */
  PlannedCall call();

  /** It was let in and answered. */
  record Answered(PlannedCall call, String summary) implements CallResult {}

  /** It was let in, but what it sent could not be worked on: the minimum is charged. */
  record Failed(PlannedCall call, String description) implements CallResult {}

  /**
   * It was refused at the door.
   *
   * @param reason of the {@code ErrorInfo}
   * @param operatorReason empty when none was given
   */
  record Denied(PlannedCall call, Status.Code code, String reason, String operatorReason)
      implements CallResult {}

  /** It ended in a way that the demo does not expect: no connection, for example. */
  record Broken(PlannedCall call, String description) implements CallResult {}

  /** Whether it reached the business: answered or failed. */
  default boolean allowed() {
    return this instanceof Answered || this instanceof Failed;
  }

  /** The key that the call carried. */
  default KeyUse key() {
    return call().key();
  }
}
