package io.billingsdk.server.subscriptions;

import static io.billingsdk.server.subscriptions.SubscriptionState.ACTIVE;
import static io.billingsdk.server.subscriptions.SubscriptionState.CANCELLED;
import static io.billingsdk.server.subscriptions.SubscriptionState.PAST_DUE;
import static io.billingsdk.server.subscriptions.SubscriptionState.PAUSED;
import static io.billingsdk.server.subscriptions.SubscriptionState.TRIALING;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may happen to a subscription in each state, and where it leads: the one table, which
 * docs/subscriptions.md shows.
 */
final class StateTable {
  private StateTable() {}

  /** The result of an act in a state. */
  sealed interface Entry {}

  /**
   * It happens.
   *
   * @param to the states that it can lead to
   */
  record Leads(List<SubscriptionState> to) implements Entry {
    static Leads to(SubscriptionState... states) {
      return new Leads(List.of(states));
    }
  }

  /** It does not happen. */
  record NotAllowed(Refusal why) implements Entry {}

  /**
   * The entry of the table.
   *
   * @param from the state; null before the start
   */
  static Entry at(@Nullable SubscriptionState from, Act act) {
    if (from == null) {
      return act == Act.START ? Leads.to(TRIALING, ACTIVE) : new NotAllowed(Refusal.NOT_STARTED);
    }
    if (act == Act.START) {
      return new NotAllowed(Refusal.ALREADY_STARTED);
    }
    if (act == Act.CHANGE_ZONE) {
      return Leads.to(from);
    }
    return switch (from) {
      case TRIALING -> trialing(act);
      case ACTIVE -> active(act);
      case PAST_DUE -> pastDue(act);
      case PAUSED -> paused(act);
      case CANCELLED -> cancelled(act);
    };
  }

  /** Why it does not happen; empty when it does. */
  static Optional<Refusal> refusal(@Nullable SubscriptionState from, Act act) {
    return at(from, act) instanceof NotAllowed refused
        ? Optional.of(refused.why())
        : Optional.empty();
  }

  private static Entry trialing(Act act) {
    return switch (act) {
      case UPGRADE, DOWNGRADE, MIGRATE, CANCEL_AT_END, UNDO, CHANGE_BILL_DAY -> Leads.to(TRIALING);
      case CANCEL_NOW -> Leads.to(CANCELLED);
      case END_TRIAL -> Leads.to(ACTIVE, CANCELLED);
      case PAUSE, PAYMENT_MISSED, END_PERIOD -> new NotAllowed(Refusal.IN_TRIAL);
      case RESUME -> new NotAllowed(Refusal.NOT_PAUSED);
      case REACTIVATE -> new NotAllowed(Refusal.NOT_CANCELLED);
      case PAYMENT_MADE -> new NotAllowed(Refusal.NOT_PAST_DUE);
      case START, CHANGE_ZONE -> throw new IllegalArgumentException("not of this state: " + act);
    };
  }

  private static Entry active(Act act) {
    return switch (act) {
      case UPGRADE, DOWNGRADE, MIGRATE, CANCEL_AT_END, UNDO, CHANGE_BILL_DAY -> Leads.to(ACTIVE);
      case CANCEL_NOW -> Leads.to(CANCELLED);
      case PAUSE -> Leads.to(PAUSED);
      case PAYMENT_MISSED -> Leads.to(PAST_DUE);
      case END_PERIOD -> Leads.to(ACTIVE, CANCELLED);
      case RESUME -> new NotAllowed(Refusal.NOT_PAUSED);
      case REACTIVATE -> new NotAllowed(Refusal.NOT_CANCELLED);
      case PAYMENT_MADE -> new NotAllowed(Refusal.NOT_PAST_DUE);
      case END_TRIAL -> new NotAllowed(Refusal.NOT_IN_TRIAL);
      case START, CHANGE_ZONE -> throw new IllegalArgumentException("not of this state: " + act);
    };
  }

  private static Entry pastDue(Act act) {
    return switch (act) {
      // A downgrade lowers the debt; an upgrade would raise it.
      case DOWNGRADE, MIGRATE, CANCEL_AT_END, UNDO, CHANGE_BILL_DAY -> Leads.to(PAST_DUE);
      case CANCEL_NOW -> Leads.to(CANCELLED);
      case PAYMENT_MADE -> Leads.to(ACTIVE);
      case END_PERIOD -> Leads.to(PAST_DUE, CANCELLED);
      case UPGRADE, PAUSE, PAYMENT_MISSED -> new NotAllowed(Refusal.PAST_DUE);
      case RESUME -> new NotAllowed(Refusal.NOT_PAUSED);
      case REACTIVATE -> new NotAllowed(Refusal.NOT_CANCELLED);
      case END_TRIAL -> new NotAllowed(Refusal.NOT_IN_TRIAL);
      case START, CHANGE_ZONE -> throw new IllegalArgumentException("not of this state: " + act);
    };
  }

  private static Entry paused(Act act) {
    return switch (act) {
      case MIGRATE, CHANGE_BILL_DAY -> Leads.to(PAUSED);
      case CANCEL_NOW -> Leads.to(CANCELLED);
      case RESUME -> Leads.to(ACTIVE);
      case UPGRADE, DOWNGRADE, CANCEL_AT_END, PAUSE, PAYMENT_MISSED, END_PERIOD ->
          new NotAllowed(Refusal.PAUSED);
      case UNDO -> new NotAllowed(Refusal.NOTHING_PENDING);
      case REACTIVATE -> new NotAllowed(Refusal.NOT_CANCELLED);
      case PAYMENT_MADE -> new NotAllowed(Refusal.NOT_PAST_DUE);
      case END_TRIAL -> new NotAllowed(Refusal.NOT_IN_TRIAL);
      case START, CHANGE_ZONE -> throw new IllegalArgumentException("not of this state: " + act);
    };
  }

  private static Entry cancelled(Act act) {
    return act == Act.REACTIVATE ? Leads.to(ACTIVE) : new NotAllowed(Refusal.CANCELLED);
  }
}
