package io.billingsdk.grpc;

/** The decision about a call. There is one object for it: it is made on every call. */
sealed interface KeyCheck permits KeyCheck.Checked, KeyCheck.WithoutKey, BillingSession, Denial {

  /** Let in, and nobody knows who it is. */
  enum WithoutKey implements KeyCheck {
    INSTANCE
  }

  /** Let in by an interceptor around the whole server. */
  enum Checked implements KeyCheck {
    INSTANCE
  }
}
