package io.billingsdk.server.ledger;

import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which names {@link HourlyUsage} gives to usage. Immutable. */
public sealed interface UsageNaming {
  /** Whether there is no name at all. */
  boolean isNone();

  /**
   * The values of a column; usage without one has no name.
   *
   * @param column of the rollups
   */
  record OfColumn(Dimension.Column column) implements UsageNaming {
    @Override
    public boolean isNone() {
      return false;
    }
  }

  /** An app that is somebody's for some time. */
  record OwnedApp(String owner, AppRange range) {}

  /**
   * The owners of apps.
   *
   * @param apps two of one app do not overlap
   */
  record OfOwner(List<OwnedApp> apps) implements UsageNaming {
    /** Copies the list. */
    public OfOwner {
      apps = List.copyOf(apps);
    }

    @Override
    public boolean isNone() {
      return apps.isEmpty();
    }
  }

  /**
   * Meters, each of all usage that belongs to an app. A count has events that were corrected to 0,
   * too.
   *
   * @param meters by name; the rollups know all of them
   */
  record OfMeter(Map<String, MeterQuery> meters) implements UsageNaming {
    /** Copies the map, in the order of names. */
    public OfMeter {
      meters = Collections.unmodifiableMap(new TreeMap<>(meters));
      if (!meters.values().stream().allMatch(MeterQuery::isRolledUp)) {
        throw new IllegalArgumentException("a meter needs more than the rollups have");
      }
    }

    @Override
    public boolean isNone() {
      return meters.isEmpty();
    }
  }
}
