package io.billingsdk;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens in a {@link BillingClient}.
 *
 * <p>All calls come one at a time from the thread {@code billing-callbacks}, in the order of what
 * they tell, with no lock held. A listener that blocks delays the others, never the delivery. What
 * a listener throws is logged and forgotten.
 */
public interface BillingListener {

  /** The connection came into another state, or met another kind of problem in the same one. */
  default void statusChanged(ClientStatus status) {}

  /** A key appeared, or was blocked or unblocked. */
  default void keyChanged(KeyChange change) {}

  /** An accepted event was refused for good by the broker or the billing system and set aside. */
  default void eventDeadLettered(DeadLetter deadLetter) {}

  /**
   * A change of one key.
   *
   * @param caller whose key it is; with protocol v2 the key itself is not known, and usage cannot be
   *     reported by it
   * @param blocked whether it is blocked now
   * @param reason the operator's reason, if one was given
   */
  record KeyChange(Caller caller, boolean blocked, @Nullable String reason) {}

  /**
   * An event that was set aside.
   *
   * @param seq its number in this client's stream
   * @param reason why it is not taken; with protocol v2 the code of the billing system's receipt
   */
  record DeadLetter(long seq, String reason) {}
}
