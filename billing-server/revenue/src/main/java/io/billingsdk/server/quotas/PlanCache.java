package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/** The plans of customers, read once for each version of the source. Thread-safe. */
final class PlanCache {
  /** Customers that are remembered; then it begins again. */
  private static final int MOST = 20_000;

  private final Database database;
  private volatile Remembered remembered = new Remembered(Long.MIN_VALUE, Map.of());

  PlanCache(Database database) {
    this.database = database;
  }

  private record Remembered(long version, Map<String, Optional<CustomerPlan>> plans) {}

  /**
   * The plan of a customer.
   *
   * @param version as the transaction of the handle has read it
   */
  Optional<CustomerPlan> of(Handle handle, String customer, long version) {
    Remembered now = remembered;
    if (now.version() != version || now.plans().size() > MOST) {
      now = new Remembered(version, new ConcurrentHashMap<>());
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
