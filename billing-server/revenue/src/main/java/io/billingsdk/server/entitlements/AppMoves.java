package io.billingsdk.server.entitlements;

import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.util.Set;

/** Gives an app that has moved the plan of its customer, or takes it away. */
final class AppMoves implements OutboxSubscriber {
  private final Database database;
  private final PlanKeys keys;

  AppMoves(Database database, PlanKeys keys) {
    this.database = database;
    this.keys = keys;
  }

  @Override
  public String name() {
    return "app-entitlements";
  }

  @Override
  public Set<String> kinds() {
    return Set.of(Customers.APP_MOVED);
  }

  @Override
  public void receive(DeliveredEvent event) {
    String app = Customers.movedApp(event.event().payload());
    database.useTransaction(
        handle -> {
          var unused = keys.applyToApp(handle, app);
          // The keys may have the same terms, and count to quotas of another customer.
          EntitlementRows.raiseAll(handle);
        });
  }
}
