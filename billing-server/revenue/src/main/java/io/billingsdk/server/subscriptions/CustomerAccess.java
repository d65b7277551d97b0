package io.billingsdk.server.subscriptions;

import io.billingsdk.server.catalog.Entitlements;
import java.util.UUID;

/** What the subscription of a customer lets the customer's keys do. Immutable. */
public sealed interface CustomerAccess {
  /**
   * They may use what a plan allows.
   *
   * @param subscription the id of the subscription
   */
  record Granted(Entitlements entitlements, UUID subscription) implements CustomerAccess {}

  /**
   * They may use nothing: the subscription is paused or has ended.
   *
   * @param reason {@code paused} or {@code cancelled}
   */
  record Barred(String reason) implements CustomerAccess {}

  /** The customer has had no subscription yet: the terms of the keys alone count. */
  record Unmanaged() implements CustomerAccess {}
}
