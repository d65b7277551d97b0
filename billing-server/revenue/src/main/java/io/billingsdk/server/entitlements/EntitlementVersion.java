package io.billingsdk.server.entitlements;

import org.jdbi.v3.core.Handle;

/** A number that rises with each change of what plans allow. */
public final class EntitlementVersion {
  private EntitlementVersion() {}

  /** The number of now: one row, so that it can be asked for in each transaction of the intake. */
  public static long current(Handle handle) {
    return EntitlementRows.version(handle);
  }
}
