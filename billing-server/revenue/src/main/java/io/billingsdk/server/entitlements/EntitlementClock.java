package io.billingsdk.server.entitlements;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.CustomerBlocks.CustomerBlock;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Lifts blocks of customers whose time is over, and gives apps that belong to another customer from
 * now on that one's plan. After a start it looks at all apps, so that nothing is missed that
 * happened while no server ran, or before there was this feature.
 */
final class EntitlementClock implements Job {
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** Another server's clock may be behind, and a transaction may commit late. */
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  private static final int PAGE = 200;

  private final Database database;
  private final PlanKeys keys;
  private final Customers customers;
  private final CustomerBlocks blocks;

  /** Confined to the thread of the job. */
  private Instant since = Instant.EPOCH;

  /** When the last look began; confined to the thread of the job too. */
  private Instant looked = Instant.EPOCH;

  EntitlementClock(Database database, PlanKeys keys) {
    Actor time = new Actor("time");
    this.database = database;
    this.keys = keys;
    this.customers = new Customers(database, time);
    this.blocks = new CustomerBlocks(database, time);
  }

  @Override
  public String name() {
    return "entitlement-clock";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    Instant now = Instant.now();
    List<CustomerBlock> ended = database.read(handle -> EntitlementRows.ended(handle, now, PAGE));
    ended.forEach(each -> blocks.lift(each.customer(), each.name()));
    String last = "";
    while (!Thread.currentThread().isInterrupted()) {
      List<String> apps = customers.movedApps(since, now, last, PAGE);
      for (String app : apps) {
        var unused = database.inTransaction(handle -> keys.applyToApp(handle, app));
      }
      if (apps.size() < PAGE) {
        raiseIfMoved(now);
        since = now.minus(OVERLAP);
        return;
      }
      last = apps.get(apps.size() - 1);
    }
  }

  /**
   * The keys of a moved app may have the same terms as before, and count to quotas of another
   * customer: without a new version, the intake would go on with those that it remembers. Raised
   * once when a move takes effect, and once when every server's clock has reached it.
   */
  private void raiseIfMoved(Instant now) {
    if (isAnyMoved(looked, now) || isAnyMoved(looked.minus(OVERLAP), now.minus(OVERLAP))) {
      database.useTransaction(EntitlementRows::raiseAll);
    }
    looked = now;
  }

  private boolean isAnyMoved(Instant after, Instant upTo) {
    return !customers.movedApps(after, upTo, "", 1).isEmpty();
  }
}
