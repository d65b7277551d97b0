package io.billingsdk.server.subscriptions;

import java.util.Locale;

/** What can happen to a subscription: by a person, by a payment, or because time passes. */
enum Act {
  /** It begins. */
  START,
  /** It changes to a plan that costs more a day, or the same. */
  UPGRADE,
  /** It changes to a plan that costs less a day. */
  DOWNGRADE,
  /** It changes to another version of its plan. */
  MIGRATE,
  /** It ends at once. */
  CANCEL_NOW,
  /** It will end when the running period does. */
  CANCEL_AT_END,
  /** The change that waits for the end of the period will not happen. */
  UNDO,
  /** It rests from now on. */
  PAUSE,
  /** It goes on after a pause. */
  RESUME,
  /** It goes on after it was cancelled. */
  REACTIVATE,
  /** A payment was not made in time. */
  PAYMENT_MISSED,
  /** The due amount is paid. */
  PAYMENT_MADE,
  /** The customer's days begin in another zone. */
  CHANGE_ZONE,
  /** Its billing periods begin on another day of the month. */
  CHANGE_BILL_DAY,
  /** The days without a charge are over. */
  END_TRIAL,
  /** A billing period is over. */
  END_PERIOD;

  /** As it is written: {@code cancel_now}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether time brings it, and nobody else. */
  boolean isOfTime() {
    return this == END_TRIAL || this == END_PERIOD;
  }
}
