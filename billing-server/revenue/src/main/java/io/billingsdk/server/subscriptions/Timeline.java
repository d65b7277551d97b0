package io.billingsdk.server.subscriptions;

import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Outcome.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the passing of time brings: ends of trials and periods, in order. */
final class Timeline {
  private Timeline() {}

  /**
   * All that time brings up to a moment, the moment included.
   *
   * @param most how many changes at most; the later ones come with the next call
   */
  static List<Change> until(Subscription subscription, Instant until, int most) {
    List<Change> changes = new ArrayList<>();
    Subscription present = subscription;
    for (Optional<Instant> due = present.dueAt();
        due.isPresent() && !due.get().isAfter(until) && changes.size() < most;
        due = present.dueAt()) {
      Change change = next(present, due.get());
      changes.add(change);
      present = change.after();
    }
    return changes;
  }

  private static Change next(Subscription present, Instant due) {
    Act act = present.state() == SubscriptionState.TRIALING ? Act.END_TRIAL : Act.END_PERIOD;
    if (Planner.plan(present, new Plain(act), due) instanceof Change change) {
      return change;
    }
    throw new IllegalStateException(act + " refused at " + due + " for " + present);
  }
}
