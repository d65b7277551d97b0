package io.billingsdk.server.subscriptions;

import java.util.Locale;

/** Why something cannot happen to a subscription, each with what to do instead. */
enum Refusal {
  /** There is a subscription already. */
  ALREADY_STARTED("subscription", "it has begun already. Switch its plan instead"),
  /** There is none yet. */
  NOT_STARTED("subscription", "it has not begun. Start it first"),
  /** In a trial nothing is charged. */
  IN_TRIAL("subscription", "it is in its trial, in which nothing is charged. Wait for its end"),
  /** No trial is running. */
  NOT_IN_TRIAL("subscription", "it is in no trial"),
  /** Nothing waits for the end of the period. */
  NOTHING_PENDING("subscription", "nothing is to happen at the end of its period"),
  /** It will end with the period. */
  CANCEL_PENDING("subscription", "it ends with its period. Undo that first"),
  /** Something waits for the end of the period. */
  CHANGE_PENDING("subscription", "its plan changes at the end of its period. Undo that first"),
  /** A payment is due. */
  PAST_DUE("subscription", "a payment is due. Let it be made first"),
  /** No payment is due. */
  NOT_PAST_DUE("subscription", "no payment is due"),
  /** It rests. */
  PAUSED("subscription", "it is paused. Resume it first"),
  /** It does not rest. */
  NOT_PAUSED("subscription", "it is not paused"),
  /** It has ended. */
  CANCELLED("subscription", "it is cancelled. Reactivate it first"),
  /** It has not ended. */
  NOT_CANCELLED("subscription", "it is not cancelled"),
  /** It has this version of this plan. */
  SAME_PLAN("plan", "it has this version of this plan already"),
  /** A migration stays within a plan. */
  OTHER_PLAN("plan", "a migration leads to another version of the same plan. Switch instead"),
  /** The prices of the plan are in another currency than the customer's. */
  CURRENCY("plan", "its prices are not in the currency of the customer"),
  /** Weeks have no day of the month. */
  WEEKS("billDay", "its plan has periods of weeks. Switch to one of months or years first"),
  /** A later change has been made already. */
  IN_THE_PAST("at", "there is a later change already. Name a moment after it"),
  /** Too many things would happen at once. */
  TOO_FAR("at", "too many periods lie before it. Name an earlier moment");

  private final String field;
  private final String message;

  Refusal(String field, String message) {
    this.field = field;
    this.message = message;
  }

  /** The part of the request that is meant. */
  String field() {
    return field;
  }

  /** The fault, and the remedy. */
  String message() {
    return message;
  }

  /** As it is written: {@code cancel_pending}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
