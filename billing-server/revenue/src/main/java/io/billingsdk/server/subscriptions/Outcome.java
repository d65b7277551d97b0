package io.billingsdk.server.subscriptions;

import java.time.Instant;
import java.util.List;

/** What a command does to a subscription, reckoned before it is done. */
sealed interface Outcome {
  /**
   * It happens.
   *
   * @param at when
   * @param after the subscription afterwards
   * @param lines the amounts that it brings
   */
  record Change(Act act, Instant at, Subscription after, List<SubscriptionLine> lines)
      implements Outcome {
    /** Copies the lines. */
    public Change {
      lines = List.copyOf(lines);
    }
  }

  /** It does not happen. */
  record Refused(Refusal why) implements Outcome {}
}
