package io.billingsdk.server.subscriptions;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.common.RequestRefusedException.Kind;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.subscriptions.SubscriptionRows.Due;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    RuntimeException failed = null;
    Due last = Due.NONE;
    while (!Thread.currentThread().isInterrupted()) {
      Due after = last;
      List<Due> due = database.read(handle -> SubscriptionRows.due(handle, after, PAGE));
      if (due.isEmpty()) {
        break;
      }
      for (Due each : due) {
        RuntimeException problem = catchUp(each);
        failed = failed == null ? problem : failed;
      }
      last = due.get(due.size() - 1);
    }
    if (failed != null) {
      // After the others: one that cannot go on holds up none of them.
      throw failed;
    }
  }

  /** Null if all is well. */
  private @Nullable RuntimeException catchUp(Due due) {
    try {
      while (subscriptions.catchUp(due.id()) > 0) {
        // The next part, of a server that has not run for long.
      }
      return null;
    } catch (RequestRefusedException refused) {
      // Of a conflict, somebody changes it just now, and lets time act on it by that.
      return refused.kind() == Kind.CONFLICT ? null : refused;
    } catch (RuntimeException fault) {
      // Of ours or of one plan: those that are due after it must not wait for the mending.
      return fault;
    }
  }
}
