package io.billingsdk.grpc;

/** Decides about running calls whose key is blocked. Unary calls always finish. */
public enum OnRevoke {
  /**
   * Streaming calls end with PERMISSION_DENIED and the operator's reason. The handler sees a
   * cancellation, as if the client had cancelled; messages that it still sends go nowhere.
   */
  CANCEL_STREAMS,
  /** Streaming calls go on to their end. */
  LET_FINISH
}
