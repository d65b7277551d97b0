package io.billingsdk.server.subscriptions;

import io.billingsdk.server.catalog.PlanVersion;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Published versions of plans, which many readings of subscriptions share: they never change, and
 * thousands of subscriptions have few of them. Thread-safe.
 */
public final class KnownPlans {
  private final Map<String, PlanVersion> known = new ConcurrentHashMap<>();

  /** A book that reads what is not known yet from another one. */
  PlanBook over(PlanBook stored) {
    return (plan, version) -> {
      String key = plan + "/" + version;
      PlanVersion present = known.get(key);
      if (present == null) {
        // Not within the map: others would wait there for the database.
        present = stored.version(plan, version);
        known.put(key, present);
      }
      return present;
    };
  }
}
