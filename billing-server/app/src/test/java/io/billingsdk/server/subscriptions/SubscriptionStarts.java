package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.Order.Begin;
import java.util.List;

/** Subscriptions for tests of other packages. */
public final class SubscriptionStarts {
  private SubscriptionStarts() {}

  /** Starts one now, with the last version of a plan. */
  public static void start(
      Database database, String customer, String plan, EntitlementsListener listener) {
    Begin order = new Begin(customer, plan, null, null, ProrationRule.DAYS, null);
    var unused = new Subscriptions(database, new Actor("tester"), List.of(listener)).start(order);
  }
}
