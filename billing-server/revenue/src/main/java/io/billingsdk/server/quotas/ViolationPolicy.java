package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.ViolationTerms;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a plan says of many refused calls of a key. Immutable.
 *
 * @param plan the id of the plan, and its version
 * @param zone of the customer, whose midnights begin a day
 */
record ViolationPolicy(
    String app, String customer, String plan, ZoneId zone, List<ViolationTerms> terms) {
  /** Copies the list. */
  ViolationPolicy {
    terms = List.copyOf(terms);
  }

  /** When the window of a moment began. */
  Instant since(ViolationTerms of, Instant moment) {
    return of.per() == ViolationTerms.Window.HOUR
        ? moment.truncatedTo(ChronoUnit.HOURS)
        : moment.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }

  Instant nextDay(Instant moment) {
    return moment.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
  }
}
