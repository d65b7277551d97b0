package io.billingsdk.server.subscriptions;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.subscriptions.SubscriptionRows.Due;
import java.time.Duration;
import java.util.List;

/**
 * Lets happen what time brings: ends of trials and periods, with what was to happen then. Each
 * subscription is a transaction of its own, so a run that is cut off goes on where it was.
 */
final class SubscriptionClock implements Job {
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int PAGE = 200;

  private final Database database;
  private final Subscriptions subscriptions;

  SubscriptionClock(Database database, Subscriptions subscriptions) {
    this.database = database;
    this.subscriptions = subscriptions;
  }

  @Override
  public String name() {
    return "subscription-clock";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    Due last = Due.NONE;
    while (!Thread.currentThread().isInterrupted()) {
      Due after = last;
      List<Due> due = database.read(handle -> SubscriptionRows.due(handle, after, PAGE));
      if (due.isEmpty()) {
        return;
      }
      due.forEach(each -> catchUp(each));
      last = due.get(due.size() - 1);
    }
  }

  private void catchUp(Due due) {
    try {
      while (subscriptions.catchUp(due.id()) > 0) {
        // The next part, of a server that has not run for long.
      }
    } catch (RequestRefusedException changed) {
      // Somebody changes it just now, and lets time act on it by that; the next run looks again.
    }
  }
}
