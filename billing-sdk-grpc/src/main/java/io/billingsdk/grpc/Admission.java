package io.billingsdk.grpc;

/** What was decided about a call. There is one object for it: it is made on every call. */
sealed interface Admission permits Admission.WithoutKey, BillingSession, Denial {

  /** Let in, and nobody knows who it is. */
  enum WithoutKey implements Admission {
    INSTANCE
  }
}
