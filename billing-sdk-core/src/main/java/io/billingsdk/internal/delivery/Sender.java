package io.billingsdk.internal.delivery;

import io.billingsdk.internal.link.LinkLimits;

/**
 * Carries events from the journal to the link in the way of one protocol.
 *
 * <p>Confined to the scheduler's thread.
 */
sealed interface Sender permits NoSender, V1Sender, V2Sender {

  /** The link is up. */
  void up(LinkLimits limits);

  /** The link is down. */
  void down();

  /** There may be something to send, or room to send it. */
  void pump();

  /** Another protocol takes over: all that is not settled goes back to the journal. */
  void stop();
}
