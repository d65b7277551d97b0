package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.entitlements.TermsVersion;
import io.billingsdk.server.entitlements.TermsVersion.Changes;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The plans of customers, remembered until they change. A change of keys is none. Thread-safe. */
final class PlanCache {
  /** Customers that are remembered; then it begins again. */
  private static final int MOST = 20_000;

  private final TermsCache<String, Optional<CustomerPlan>> cache;

  PlanCache(Database database) {
    this.cache = new TermsCache<>(new OfCustomers(database), MOST);
  }

  private record OfCustomers(Database database)
      implements TermsCache.Source<String, Optional<CustomerPlan>> {
    @Override
    public TermsVersion version(Handle handle) {
      return TermsVersion.current(handle).ofPlans();
    }

    @Override
    public Changes changes(Handle handle, TermsVersion since) {
      return since.since(handle);
    }

    @Override
    public boolean concerns(Changes changes, String customer, Optional<CustomerPlan> plan) {
      return changes.isOfAll() || changes.customers().contains(customer);
    }

    @Override
    public Map<String, Optional<CustomerPlan>> load(Handle handle, Collection<String> customers) {
      Map<String, Optional<CustomerPlan>> plans = new HashMap<>();
      customers.forEach(each -> plans.put(each, CustomerPlan.of(database.within(handle), each)));
      return plans;
    }
  }

  /** The plans of customers, as they are in the transaction of the handle. */
  Map<String, Optional<CustomerPlan>> of(Handle handle, Collection<String> customers) {
    return customers.isEmpty() ? Map.of() : cache.of(handle, new HashSet<>(customers));
  }

  /** The same of one customer. */
  Optional<CustomerPlan> of(Handle handle, String customer) {
    return of(handle, List.of(customer)).getOrDefault(customer, Optional.empty());
  }
}
