package io.billingsdk.server.subscriptions;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Learns what a customer may use from a moment on. */
@FunctionalInterface
public interface EntitlementsListener {
  /**
   * Called in the transaction of the change, and so before its COMMIT: both happen or neither. It
   * is called for each change of a subscription that may change the access, in their order.
   *
   * @param handle of the transaction
   * @param customer the id of the customer
   * @param access what the customer may use from then on
   * @param at the moment of the change, by the clock of the customer
   */
  void changed(Handle handle, String customer, CustomerAccess access, Instant at);
}
