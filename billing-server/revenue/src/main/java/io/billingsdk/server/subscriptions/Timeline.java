package io.billingsdk.server.subscriptions;

import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Outcome.Change;
import java.time.Instant;

/** What the passing of time brings: the end of a trial or a period. */
final class Timeline {
  private Timeline() {}

  /** The end of the trial or the period that is due. */
  static Change next(Subscription present, Instant due) {
    Act act = present.state() == SubscriptionState.TRIALING ? Act.END_TRIAL : Act.END_PERIOD;
    if (Planner.plan(present, new Plain(act), due) instanceof Change change) {
      return change;
    }
    throw new IllegalStateException(act + " refused at " + due + " for " + present);
  }
}
