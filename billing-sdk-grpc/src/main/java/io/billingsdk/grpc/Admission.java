package io.billingsdk.grpc;

/** The decision about a call. There is one object for it: it is made on every call. */
sealed interface Admission permits Admission.Checked, Admission.WithoutKey, BillingSession, Denial {

  /** Let in, and nobody knows who it is. */
  enum WithoutKey implements Admission {
    INSTANCE
  }

  /** Let in by an interceptor around the whole server. */
  enum Checked implements Admission {
    INSTANCE
  }
}
