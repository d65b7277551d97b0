package io.billingsdk.server.customers;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * In which zones the days of a customer begin, by the clock of the customer. Immutable.
 *
 * @param first the zone before the first change
 * @param changes in their order, each at a moment of its own
 */
public record ZoneHistory(ZoneId first, List<ZoneChange> changes) {
  /** Copies the list. */
  public ZoneHistory {
    changes = List.copyOf(changes);
  }

  /**
   * Another zone.
   *
   * @param since when it was made known; a running period still ends by the zone before
   */
  public record ZoneChange(Instant since, ZoneId zone) {}

  /** One zone for ever. */
  public static ZoneHistory of(ZoneId zone) {
    return new ZoneHistory(zone, List.of());
  }

  /** The zone that is known at a moment. */
  public ZoneId at(Instant moment) {
    ZoneId zone = first;
    for (ZoneChange each : changes) {
      if (!each.since().isAfter(moment)) {
        zone = each.zone();
      }
    }
    return zone;
  }

  /** The first change after a moment. */
  public Optional<ZoneChange> firstAfter(Instant moment) {
    return changes.stream().filter(each -> each.since().isAfter(moment)).findFirst();
  }
}
