package io.billingsdk.server.ledger;

import io.billingsdk.server.common.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What is asked of {@link UsageTotals}.
 *
 * @param from the first moment of use that counts
 * @param to the first one that does not count any more: after {@code from}, at most 400 days
 * @param bucket into which spans the range is divided
 * @param zone by whose clock
 * @param groupBy at most 8, none twice; none: all in one
 * @param filter which events count
 */
public record TotalsQuery(
    Instant from,
    Instant to,
    Bucket bucket,
    ZoneId zone,
    List<Dimension> groupBy,
    EventFilter filter) {
  /** The longest range, in days: as old as an event may be when it comes. */
  public static final int MAX_DAYS = 400;

  private static final int MAX_DIMENSIONS = 8;

  // A range around them is within what PostgreSQL and the calendar can hold.
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  /** Refuses what is beyond the bounds. */
  public TotalsQuery {
    from = from.truncatedTo(ChronoUnit.MICROS);
    to = to.truncatedTo(ChronoUnit.MICROS);
    requireRange(from, to);
    groupBy = List.copyOf(groupBy);
    if (groupBy.size() > MAX_DIMENSIONS || groupBy.stream().distinct().count() != groupBy.size()) {
      throw RequestRefusedException.invalid(
          "groupBy", "at most " + MAX_DIMENSIONS + " dimensions, none twice");
    }
  }

  /** Refuses a range that no question may have. */
  static void requireRange(Instant from, Instant to) {
    if (from.isBefore(EARLIEST) || from.isAfter(LATEST)) {
      throw RequestRefusedException.invalid("from", "a time of the years 2000 to 9998");
    }
    if (!to.isAfter(from) || Duration.between(from, to).compareTo(Duration.ofDays(MAX_DAYS)) > 0) {
      throw RequestRefusedException.invalid("to", "after from, by at most " + MAX_DAYS + " days");
    }
  }

  /** Whether it asks for what only the events hold. */
  boolean needsEvents() {
    return !filter.metadata().isEmpty()
        || groupBy.stream().anyMatch(Dimension.Metadata.class::isInstance);
  }
}
