package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.EntitlementVersion;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * The plans of customers, read once for each version of the entitlements. A change of keys changes
 * no plan: with its version in the number, a transaction that changes keys and is rolled back would
 * leave plans under a number that a later change of entitlements gets too. Thread-safe.
 */
final class PlanCache {
  /** Customers that are remembered; then it begins again. */
  private static final int MOST = 20_000;

  private final Database database;
  private volatile RememberedPlans remembered = new RememberedPlans(Long.MIN_VALUE, Map.of());

  PlanCache(Database database) {
    this.database = database;
  }

  private record RememberedPlans(long version, Map<String, Optional<CustomerPlan>> plans) {}

  /** The plan of a customer, as it is in the transaction of the handle. */
  Optional<CustomerPlan> of(Handle handle, String customer) {
    long version = EntitlementVersion.current(handle);
    RememberedPlans now = remembered;
    if (now.version() != version || now.plans().size() > MOST) {
      now = new RememberedPlans(version, new ConcurrentHashMap<>());
      remembered = now;
    }
    Optional<CustomerPlan> known = now.plans().get(customer);
    if (known == null) {
      known = CustomerPlan.of(database.within(handle), customer);
      now.plans().put(customer, known);
    }
    return known;
  }
}
