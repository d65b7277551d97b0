package io.billingsdk.server.notifications;

import org.jdbi.v3.core.Handle;

/** Lets one transaction at a time count and add what an owner may have a few of. */
final class OwnerLock {
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.notifications/' || :owner, 0))";

  private OwnerLock() {}

  /** Until the end of the transaction. */
  static void hold(Handle handle, String owner) {
    var unused = handle.createQuery(LOCK).bind("owner", owner).mapToMap().one();
  }
}
