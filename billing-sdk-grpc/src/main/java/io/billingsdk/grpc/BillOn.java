package io.billingsdk.grpc;

/** Which calls are charged what was measured; the others are charged the minimum for them. */
public enum BillOn {
  /** Those that ended with OK. */
  OK,
  /**
   * Those, and the ones that ended from outside: by the client, its deadline, the transport, a
   * shutdown or a revocation. What was sent by then is charged.
   */
  OK_OR_CANCELLED,
  /** All. */
  ALWAYS
}
