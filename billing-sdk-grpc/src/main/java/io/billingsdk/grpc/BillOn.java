package io.billingsdk.grpc;

/** Selects the calls that are charged their measured usage; the others are charged the minimum. */
public enum BillOn {
  /** Those that ended with OK. */
  OK,
  /**
   * Those, and the ones that ended from outside: by the client, its deadline, the transport, a
   * shutdown or a revocation. The messages sent by then are charged.
   */
  OK_OR_CANCELLED,
  /** All. */
  ALWAYS
}
