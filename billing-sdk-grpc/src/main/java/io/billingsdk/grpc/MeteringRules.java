package io.billingsdk.grpc;

import io.grpc.Status;

/**
 * When what is charged.
 *
 * @param minimumOnFailure at least, for a call that did not end with OK
 * @param settleEveryMessages of a streaming call
 * @param strict whether a call is closed only when its usage is on disk
 */
record MeteringRules(
    BillOn billOn, double minimumOnFailure, int settleEveryMessages, boolean strict) {

  /**
   * What a call is charged.
   *
   * @param byHandler whether its handler ended it, and not somebody outside
   */
  double charge(Status.Code ended, boolean byHandler, double measured) {
    if (ended == Status.Code.OK) {
      return measured;
    }
    return bills(ended, byHandler) ? Math.max(measured, minimumOnFailure) : minimumOnFailure;
  }

  /** Whether a call that ended so is charged what was measured. */
  boolean bills(Status.Code ended, boolean byHandler) {
    return ended == Status.Code.OK
        || billOn == BillOn.ALWAYS
        || (billOn == BillOn.OK_OR_CANCELLED && !byHandler);
  }
}
