package io.billingsdk.server.outbox;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes events thirty days after they were made, once all their subscribers have them. One that
 * is parked or waits stays.
 */
final class OutboxRetention implements Job {
  private static final Logger log = LoggerFactory.getLogger(OutboxRetention.class);

  /** So many in a transaction: a long one would hold up the clean-up of all tables. */
  private static final int AT_ONCE = 1_000;

  private static final String DELETE =
      """
      DELETE FROM outbox_event WHERE position IN (
        SELECT e.position FROM outbox_event AS e
        WHERE e.created_at < now() - interval '30 days' AND NOT EXISTS (
          SELECT FROM outbox_delivery AS d WHERE d.position = e.position AND d.state <> 'delivered')
        ORDER BY e.position LIMIT :most)
      """;

  private final Database database;
  private final SubscriberRows subscribers;

  OutboxRetention(Database database) {
    this.database = database;
    this.subscribers = new SubscriberRows(database);
  }

  @Override
  public String name() {
    return "outbox-retention";
  }

  @Override
  public Duration every() {
    return Duration.ofHours(1);
  }

  @Override
  public void run() {
    for (String each : subscribers.forget()) {
      log.warn("no server has known the subscriber {} for two weeks: it is forgotten", each);
    }
    while (delete() == AT_ONCE && !Thread.currentThread().isInterrupted()) {
      // The next ones.
    }
  }

  private int delete() {
    return database.read(handle -> handle.createUpdate(DELETE).bind("most", AT_ONCE).execute());
  }
}
