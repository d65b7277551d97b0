package io.billingsdk.server.subscriptions;

import io.billingsdk.server.catalog.PlanVersion;

/** Finds published versions of plans, which never change. */
@FunctionalInterface
interface PlanBook {
  /** The version; refuses one that there is not. */
  PlanVersion version(String plan, int version);
}
