package io.billingsdk.grpc;

/** What becomes of calls that run while their key is blocked. Unary calls always finish. */
public enum OnRevoke {
  /**
   * Streaming calls end with PERMISSION_DENIED and the operator's reason. The handler is told as if
   * the client had cancelled; what it still sends goes nowhere.
   */
  CANCEL_STREAMS,
  /** Streaming calls go on to their end. */
  LET_FINISH
}
