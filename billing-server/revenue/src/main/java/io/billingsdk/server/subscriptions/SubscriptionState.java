package io.billingsdk.server.subscriptions;

import java.util.Locale;

/** Where a subscription is in its life. */
public enum SubscriptionState {
  /** In use before the first charge. */
  TRIALING,
  /** In use and charged. */
  ACTIVE,
  /** In use and charged, although a payment is due. */
  PAST_DUE,
  /** Neither in use nor charged, until it is resumed. */
  PAUSED,
  /** Ended; it can be taken up again. */
  CANCELLED;

  /** Whether the customer may use what the plan allows. */
  public boolean isInUse() {
    return this == TRIALING || this == ACTIVE || this == PAST_DUE;
  }

  /** As it is written: {@code past_due}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
