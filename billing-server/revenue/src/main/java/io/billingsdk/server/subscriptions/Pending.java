package io.billingsdk.server.subscriptions;

import io.billingsdk.server.catalog.PlanVersion;

/** What will happen at the end of the running period or trial. */
sealed interface Pending {
  /** It ends. */
  record Cancel() implements Pending {}

  /**
   * Another version of a plan begins.
   *
   * @param act UPGRADE, DOWNGRADE or MIGRATE
   */
  record ToPlan(Act act, PlanVersion plan) implements Pending {}
}
