package io.billingsdk.server.subscriptions;

import io.billingsdk.server.subscriptions.Outcome.Change;
import io.billingsdk.server.subscriptions.SubscriptionRows.StoredCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a subscription again of its events. */
final class History {
  private History() {}

  /** The subscription after these commands, which all happened. */
  static Subscription replayed(List<StoredCommand> commands) {
    @Nullable Subscription present = null;
    for (StoredCommand each : commands) {
      if (!(Planner.plan(present, each.command(), each.at()) instanceof Change change)) {
        throw new IllegalStateException("an event of the history is refused: " + each);
      }
      present = change.after();
    }
    if (present == null) {
      throw new IllegalStateException("a history without events");
    }
    return present;
  }
}
