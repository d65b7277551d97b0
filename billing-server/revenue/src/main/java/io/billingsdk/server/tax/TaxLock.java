package io.billingsdk.server.tax;

import org.jdbi.v3.core.Handle;

/** One change of registrations or tables at a time: each is checked against what is there. */
final class TaxLock {
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing.tax'))";

  private TaxLock() {}

  /** Until the end of the transaction. */
  static void take(Handle handle) {
    handle.execute(LOCK);
  }
}
